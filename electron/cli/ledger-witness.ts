import type { Command } from 'commander';
import { pushToWitnesses, type WitnessState } from '../host/witness-desk.ts';
import { DOES_NOT_HOLD, json, out } from './output.ts';

/** `ledger witness`: shows the witnesses the newest head now, and says how each stands. Exit code 1 unless all have it. */
export function witnessCommand(ledger: Command, dataDir: () => string): void {
  ledger
    .command('witness')
    .description('shows every witness of witnesses.yaml the newest signed head, also while Countersign runs')
    .option('--json', 'one JSON document on standard output')
    .action(async (options: { json?: boolean }) => {
      const states = await pushToWitnesses(dataDir(), new AbortController().signal);
      const ok = states.every(({ state }) => state === 'current' || state === 'waiting');
      if (options.json) json({ ok, witnesses: states });
      else tell(states);
      if (!ok) process.exitCode = DOES_NOT_HOLD;
    });
}

function tell(states: readonly WitnessState[]): void {
  if (states.length === 0) out('There is no witness: witnesses.yaml in the data directory names them.');
  for (const { state, witness, kind, where, realm, sentence } of states) {
    out(`${WORDS[state]}: ${witness} (${kind}, ${realm} log, ${where})`);
    out(`  ${sentence}`);
  }
}

const WORDS: Record<WitnessState['state'], string> = {
  current: 'up to date',
  waiting: 'nothing to show',
  behind: 'BEHIND',
  'other-log': 'HOLDS ANOTHER LOG',
  conflict: 'DOES NOT HOLD',
};
