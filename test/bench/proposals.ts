/**
 * What may happen to a proposal, tried at large: random sequences of transitions, crashes, drifts, stops and changes of the
 * envelope on a real store and ledger, and `kill -9` of a process at every step of an execution. Exits with 1 at the first
 * thing that does not hold, with the seed and the shortest sequence that shows it.
 *
 * `--sequences N` (100000), `--kills N` (500), `--only sequences|kills`, `--seed S`, `--dir` for the data files, `--json`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from './ledger/machine.ts';
import { kills } from './proposals/kills.ts';
import { sequences } from './proposals/sequences.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    dir: { type: 'string' },
    seed: { type: 'string', default: '1' },
    sequences: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '500' },
  },
});
const folder = mkdtempSync(join(values.dir ?? tmpdir(), 'countersign-bench-'));
const say = (line: string): void => void (values.json || process.stdout.write(`${line}\n`));

try {
  const on = machine(folder);
  for (const [name, value] of Object.entries(on)) say(`${name.padEnd(12)} ${value}`);
  const played =
    values.only === 'kills'
      ? null
      : await sequences({ folder, count: Number(values.sequences), seed: Number(values.seed), say });
  const killed = values.only === 'sequences' ? null : await kills({ count: Number(values.kills), say });
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ machine: on, sequences: played, kills: killed }, null, 2)}\n`);
  }
  say('\nNothing was executed that was not decided, and nothing twice.');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
