/** Signs an envelope's folder: what does not hold, or fails a policy test of its own, is not signed. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST, TRUTH_TABLE } from '../../../shared/formats/envelope-folder.ts';
import type { Signer } from '../../platform/ed25519.ts';
import { Failure, messageOf } from '../../platform/failure.ts';
import { loadFolder } from './load-envelope.ts';
import type { LoadedEnvelope } from './loaded-envelope.ts';
import { digestOf, manifestText, signManifest } from './manifest.ts';
import { readFolder, textOf } from './read-folder.ts';
import { isNewer } from './trust.ts';

const ENVELOPE = 'envelope.yaml';

/** What is found out about an envelope before it is signed. */
export type Checks = {
  /** Runs its own tests: how many there are, and a sentence for each that fails. */
  runTests(loaded: LoadedEnvelope): { count: number; failures: string[] };
  /** Its truth table, which is signed with it. */
  tableOf(loaded: LoadedEnvelope): string;
};

export type SignedFolder = { dir: string; version: string; digest: string; files: number; tests: number };

/**
 * Writes `manifest.json`, before it the truth table, and the version into `envelope.yaml` where one is given.
 * @throws Failure `bad_input` for what does not hold, naming it; `conflict` for a version that is not above the last.
 */
export function signFolder(
  about: {
    dir: string;
    version?: string | undefined;
    name: string;
    signedAtMs: number;
    /** The version that was accepted last. */
    last: string | null;
  },
  signer: Signer,
  { runTests, tableOf }: Checks,
): SignedFolder {
  const folder = readFolder(about.dir);
  const files = new Map(folder.files);
  if (about.version !== undefined) {
    const text = textOf(about.dir, ENVELOPE, files.get(ENVELOPE) ?? new Uint8Array());
    files.set(ENVELOPE, Buffer.from(withVersion(text, about.version)));
  }
  const loaded = loadFolder({ ...folder, files }, '');
  const { version } = loaded.envelope;
  demandNewer(version, about.last);
  const { count, failures } = runTests(loaded);
  if (failures.length > 0) {
    throw new Failure(
      'bad_input',
      `The envelope ${about.dir} fails ${failures.length} of its ${count} tests, so it is not signed:\n${failures.join('\n')}`,
    );
  }
  files.set(TRUTH_TABLE, Buffer.from(tableOf(loaded)));
  const manifest = signManifest({ ...about, version, files }, signer);
  if (about.version !== undefined) writeWhole(about.dir, ENVELOPE, files.get(ENVELOPE) ?? new Uint8Array());
  writeWhole(about.dir, TRUTH_TABLE, files.get(TRUTH_TABLE) ?? new Uint8Array());
  writeWhole(about.dir, MANIFEST, Buffer.from(manifestText(manifest)));
  return { dir: about.dir, version, digest: digestOf(manifest), files: files.size, tests: count };
}

function demandNewer(version: string, last: string | null): void {
  if (last === null || isNewer(version, last)) return;
  throw new Failure(
    'conflict',
    `Version ${version} is not above version ${last}, which was accepted last. Sign it with --as-version ${Number(last) + 1}.`,
  );
}

/** Only the line changes, so that comments and layout stay as they were written. */
function withVersion(text: string, version: string): string {
  const line = /^version:.*$/m;
  if (!line.test(text))
    throw new Failure('bad_input', `${ENVELOPE} has no line \`version:\` to put a version in`);
  return text.replace(line, `version: '${version}'`);
}

/** Either the old file or the whole new one is there, whatever happens in between. */
function writeWhole(dir: string, name: string, bytes: Uint8Array): void {
  const path = join(dir, name);
  // Outside the folder would be another file system; a name nobody knows leaves nothing in force should it stay behind.
  const temporary = `${path}.new`;
  try {
    rmSync(temporary, { force: true });
    writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o644, flush: true });
    renameSync(temporary, path);
  } catch (error) {
    throw new Failure('storage', `${path} cannot be written: ${messageOf(error)}`, error);
  }
}
