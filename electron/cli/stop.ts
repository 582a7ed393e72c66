import type { Command } from 'commander';
import { type Stopped, type StopStanding, stopFromOutside, stopStanding } from '../host/stop-from-outside.ts';
import { Failure } from '../platform/failure.ts';
import { DOES_NOT_HOLD, json, out } from './output.ts';

/** `stop`: everything, now, whatever runs on the data directory. Lifting it takes a named person in front of the screen. */
export function stopCommand(program: Command, dataDir: () => string): void {
  program
    .command('stop')
    .description(
      'stops everything at once, also what runs already; only a named person lifts it, on the screen',
    )
    .option('--reason <text>', 'why, for the record')
    .option('--status', 'only says whether it is stopped: exit 0 if it is, 1 if not')
    .option('--json', 'one JSON document on standard output')
    .action(async (options: { reason?: string; status?: boolean; json?: boolean }) => {
      if (options.status) tellStatus(stopStanding(dataDir()), options.json ?? false);
      else tellStopped(await stopFromOutside(dataDir(), options.reason), options.json ?? false);
    });
}

function tellStatus(standing: StopStanding, asJson: boolean): void {
  if (asJson) json(standing);
  else out(inWords(standing));
  if (!standing.stopped) process.exitCode = DOES_NOT_HOLD;
}

function tellStopped(stopped: Stopped, asJson: boolean): void {
  if (asJson) json(stopped);
  else out(inWords(stopped));
  switch (stopped.noticed) {
    case 'none':
      if (!asJson) out('No Countersign runs there now; one that starts is stopped from its first moment.');
      return;
    case 'confirmed':
      if (!asJson) out(`The Countersign that runs there (process ${stopped.process}) has it on record.`);
      return;
    case 'silent':
      throw new Failure(
        'timeout',
        `The Countersign that runs there (process ${stopped.process}) did not confirm within two seconds. End that process if in doubt.`,
      );
  }
}

function inWords({ stopped, by, reason, at, file }: StopStanding): string {
  if (!stopped) return 'Nothing is stopped';
  const who = by === null ? '' : ` by ${by}`;
  const since = at === null ? '' : ` since ${at}`;
  return `Stopped${who}${since}: ${reason}${file === null ? '' : ` (${file})`}`;
}
