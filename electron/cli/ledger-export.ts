import { resolve } from 'node:path';
import type { Command } from 'commander';
import { exportStored, proveStored, type StoredExport } from '../host/export-ledger.ts';
import { realmOf, type Which } from '../host/stored-log.ts';
import { Failure } from '../platform/failure.ts';
import { resourcesDir } from '../platform/paths.ts';
import { keep } from './keep.ts';
import { json, out } from './output.ts';
import { realmOption } from './realm-option.ts';
import { wholeNumber } from './whole-number.ts';

/** `ledger export`: a bundle to hand over. That it was taken is put on record before it is. */
export function exportCommand(ledger: Command, dataDir: () => string): void {
  ledger
    .command('export')
    .description('a bundle to hand over, which anyone can verify')
    .requiredOption('--out <folder>', 'a folder that is new or empty')
    .option('--incident <id>', 'only what belongs to this incident, with a proof for each entry')
    .option('--from <seq>', 'only entries from this number on', wholeNumber)
    .option('--to <seq>', 'only entries up to this number', wholeNumber)
    .option('--since <checkpoint>', 'a checkpoint of an earlier bundle: proves that this one extends it')
    .option('--without-personal', 'leaves out what people and the model said; the entries hold without it')
    .option('--unrecorded', 'writes nothing to the data directory, for a copy of one that is only read')
    .addOption(realmOption())
    .option('--json', 'one JSON document on standard output')
    .action(async ({ out: folder, to, unrecorded, json: asJson, ...options }: Options) => {
      const asked = { ...options, to: to === undefined ? undefined : to + 1 };
      if (!unrecorded) await record(dataDir(), asked);
      const exported = exportStored(
        { dataDir: dataDir(), resourcesDir: resourcesDir() },
        resolve(folder),
        asked,
      );
      if (asJson) json(exported);
      else out(`${exported.entries} of ${exported.size} entries are in ${exported.directory}`);
    });
}

type Options = Omit<StoredExport, 'to'> & {
  out: string;
  to?: number;
  unrecorded?: boolean;
  json?: boolean;
};

/** `ledger prove`: an entry with its proof, for tools that read C2SP tlog-proofs. */
export function proveCommand(ledger: Command, dataDir: () => string): void {
  ledger
    .command('prove')
    .description('proves one entry against the signed head, as a C2SP tlog-proof')
    .argument('<seq>', 'its number', wholeNumber)
    .addOption(realmOption())
    .action((seq: number, which: Which) => {
      process.stdout.write(proveStored(dataDir(), which, seq));
    });
}

async function record(dir: string, { incident, from, to, ...which }: StoredExport): Promise<void> {
  const realm = realmOf(dir, { ...which, incident });
  try {
    await keep(dir, realm, ({ ledger }, name) => {
      ledger.record({
        kind: 'export',
        incident,
        actor: { kind: 'person', name },
        body: { from: from ?? null, to: to ?? null },
      });
      ledger.checkpoint();
    });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'conflict') throw error;
    process.stderr.write('Countersign is running on this data, so this export is not on record.\n');
  }
}
