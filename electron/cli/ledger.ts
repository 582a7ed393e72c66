import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { Realm } from '../../shared/vocabulary/ids.ts';
import { exportStored } from '../host/export-ledger.ts';
import { keepLedger } from '../host/keep-ledger.ts';
import { type PathVerification, verifyPath } from '../host/verify-path.ts';
import { closer } from '../platform/closer.ts';
import { resourcesDir, version } from '../platform/paths.ts';
import { takeDataDir, takePassphrase } from '../platform/take-data-dir.ts';
import { queryCommand, whyCommand } from './ledger-query.ts';
import { DOES_NOT_HOLD, json, out } from './output.ts';

/** `ledger …`: what an auditor asks of the signed log, and what its keeper does to it. */
export function ledgerCommands(program: Command, dataDir: () => string): void {
  const ledger = program.command('ledger').description('the signed log');
  ledger
    .command('verify')
    .description('recomputes every log of a bundle or a data directory')
    .argument('[path]', 'a bundle or a data directory; by default the data directory')
    .option('--json', 'one JSON document on standard output')
    .action((path: string | undefined, options: { json?: boolean }) => {
      const verified = verifyPath(path === undefined ? dataDir() : resolve(path));
      if (options.json) json(jsonOf(verified));
      else tellVerification(verified);
      if (!verified.ok) process.exitCode = DOES_NOT_HOLD;
    });
  ledger
    .command('export')
    .description('a bundle to hand over, which anyone can verify')
    .requiredOption('--out <folder>', 'a folder that is new or empty')
    .option('--incident <id>', 'only what belongs to this incident, with a proof for each entry')
    .addOption(realmOption())
    .option('--json', 'one JSON document on standard output')
    .action((options: { out: string; incident?: string; realm?: Realm; json?: boolean }) => {
      const exported = exportStored(dataDir(), resolve(options.out), options);
      if (options.json) json(exported);
      else out(`${exported.entries} of ${exported.size} entries are in ${exported.directory}`);
    });
  queryCommand(ledger, dataDir);
  whyCommand(ledger, dataDir);
  ledger
    .command('change-key')
    .description('a new key signs from here on; the old one vouches for it')
    .addOption(realmOption().makeOptionMandatory())
    .requiredOption('--reason <why>', 'stands on record with your name')
    .action((options: { realm: Realm; reason: string }) =>
      keep(dataDir(), options.realm, ({ changeKey }, person) => {
        changeKey(person, options.reason);
        out('The key was changed.');
      }),
    );
  ledger
    .command('begin-anew')
    .description('a new log in the place of one that does not hold; the old one is set aside whole')
    .addOption(realmOption().makeOptionMandatory())
    .requiredOption('--reason <why>', 'stands on record with your name')
    .action((options: { realm: Realm; reason: string }) =>
      keep(dataDir(), options.realm, ({ beginAnew }, person) => {
        out(`A new log was begun. The old one is kept as ${beginAnew(person, options.reason)}`);
      }),
    );
}

const realmOption = () => new Option('--realm <realm>', 'which log').choices(Realm.options);

async function keep(dir: string, realm: Realm, work: Parameters<typeof keepLedger<void>>[2]): Promise<void> {
  const ending = closer();
  try {
    const log = await takeDataDir(dir, ending);
    const passphrase = takePassphrase();
    if (passphrase !== undefined) log.redact(passphrase);
    const adapters = {
      dataDir: dir,
      resourcesDir: resourcesDir(),
      version: version(),
      logger: log.logger,
      onSecret: log.redact,
      passphrase,
    };
    await keepLedger(adapters, realm, work);
  } finally {
    await ending.closeAll();
  }
}

const jsonOf = ({ ok, logs }: PathVerification) => ({
  ok,
  logs: logs.map(({ what, verification: { ok, origin, size, rootHex, problems } }) => ({
    what,
    ok,
    origin,
    size,
    root: rootHex,
    problems,
  })),
});

function tellVerification({ logs }: PathVerification): void {
  for (const { what, verification } of logs) {
    const { ok, size, rootHex, problems } = verification;
    out(`${ok ? 'holds' : 'DOES NOT HOLD'}: ${what}, ${size} entries, root ${rootHex}`);
    for (const { says } of problems) out(`  ${says}`);
  }
}
