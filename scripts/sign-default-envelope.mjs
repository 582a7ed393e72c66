#!/usr/bin/env node
/**
 * Signs the envelope that ships, `resources/envelope`: makes an Ed25519 key, signs with it, writes its public half into
 * `electron/guard/envelope/publisher-key.ts` and lets the private half go with this process. To be run after every edit
 * of that folder: `node scripts/sign-default-envelope.mjs [--version N]`. An edit that was released needs a version above
 * the one before, or installations that accepted it take nothing else under its number.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findNode } from './find-node.mjs';
import { at, run, tell } from './places.mjs';

const KEY_FILE = at('electron/guard/envelope/publisher-key.ts');

await run(async () => {
  if (Number(process.versions.node.split('.')[0]) < 24) {
    // What signs is TypeScript, which the machine's own Node may not read.
    const again = spawnSync(await findNode(), process.argv.slice(1), { stdio: 'inherit' });
    process.exitCode = again.status ?? 1;
    return;
  }
  const { values } = parseArgs({ options: { version: { type: 'string' } } });
  const { newPrivateKey, signerOf } = await import('../electron/platform/ed25519.ts');
  const { signFolder } = await import('../electron/guard/envelope/sign-folder.ts');
  const { checks } = await import('../electron/host/sign-envelope.ts');
  const signer = signerOf(newPrivateKey());
  const { version, digest, tests } = signFolder(
    {
      dir: at('resources/envelope'),
      version: values.version,
      name: 'The Countersign authors',
      signedAtMs: Date.now(),
      last: null,
    },
    signer,
    checks,
  );
  const key = Buffer.from(signer.publicKey).toString('base64');
  const code = readFileSync(KEY_FILE, 'utf8');
  writeFileSync(KEY_FILE, code.replace(/(PUBLISHER_KEY =\s*)'[^']*'/, `$1'${key}'`));
  tell(`Signed version ${version} of the default envelope (${tests} tests hold), digest ${digest}.`);
});
