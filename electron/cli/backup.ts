import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type BackedUp, backUp } from '../host/back-up.ts';
import { type Restored, restore } from '../host/restore.ts';
import { closer } from '../platform/closer.ts';
import { version } from '../platform/paths.ts';
import { takeDataDir } from '../platform/take-data-dir.ts';
import { DOES_NOT_HOLD, json, out } from './output.ts';

/** `backup` and `restore`: the data files and the sealed keys of a data directory. */
export function backupCommands(program: Command, dataDir: () => string): void {
  program
    .command('backup')
    .description('copies the data files and the sealed keys to a new folder, also while Countersign runs')
    .requiredOption('--out <folder>', 'a new or an empty folder')
    .option('--json', 'one JSON document on standard output')
    .action(async (options: { out: string; json?: boolean }) => {
      const backedUp = await backUp({
        dataDir: dataDir(),
        out: resolve(options.out),
        version: version(),
        nowMs: Date.now(),
      });
      if (options.json) json(backedUp);
      else tellBackup(backedUp);
      if (backedUp.list.logs.some(({ holds }) => !holds)) process.exitCode = DOES_NOT_HOLD;
    });
  program
    .command('restore')
    .description('puts a backup into the data directory; what is there is set aside whole')
    .argument('<folder>', 'what `backup` made')
    .option('--older', 'also when it lacks entries that were signed here; the log is broken until begun anew')
    .option('--json', 'one JSON document on standard output')
    .action(async (folder: string, options: { older?: boolean; json?: boolean }) => {
      const dir = dataDir();
      const ending = closer();
      try {
        await takeDataDir(dir, ending);
        const older = options.older ?? false;
        const restored = restore({ dataDir: dir, from: resolve(folder), older, nowMs: Date.now() });
        if (options.json) json(restored);
        else tellRestored(restored);
      } finally {
        await ending.closeAll();
      }
    });
}

function tellBackup({ folder, list, problems }: BackedUp): void {
  out(`Backed up to ${folder}: ${list.files.map(({ name }) => name).join(', ')}`);
  tellLogs(list.logs);
  for (const problem of problems) out(`  ${problem}`);
}

function tellRestored({ at, placed, setAside, kept, logs }: Restored): void {
  out(`Restored the backup of ${at}: ${placed.join(', ')}`);
  for (const path of setAside) out(`Set aside: ${path}`);
  for (const name of kept) out(`Kept as it was: ${name}`);
  tellLogs(logs);
  for (const { realm, holds } of logs)
    if (!holds) out(`Begin a new log when you are ready: ledger begin-anew --realm ${realm} --reason <why>`);
}

function tellLogs(logs: BackedUp['list']['logs']): void {
  for (const { realm, size, rootHex, holds } of logs)
    out(`${holds ? 'holds' : 'DOES NOT HOLD'}: ${realm} log, ${size} entries, root ${rootHex}`);
}
