/**
 * What the ledger costs, as ratios against the plain thing done to the same bytes in the same run, so that the numbers
 * mean the same on another machine. `--json` prints everything as one object; `--quick` does a tenth of the work,
 * `--entries` says how many to query, `--only` which part to run, `--dir` on which disk. Exits
 * with 1 when a target is missed, unless `--quick`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { groupedAppends } from './ledger/grouped-appends.ts';
import { inclusionProofs } from './ledger/inclusion-proofs.ts';
import { machine } from './ledger/machine.ts';
import { linesOf, type Measurement } from './ledger/measurement.ts';
import { queries } from './ledger/queries.ts';
import { singleAppends } from './ledger/single-appends.ts';
import { verification, verificationMemory } from './ledger/verification.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    dir: { type: 'string' },
    entries: { type: 'string', default: '200000' },
  },
});
const scale = values.quick ? 0.1 : 1;
const folder = mkdtempSync(join(values.dir ?? tmpdir(), 'countersign-bench-'));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const benches: Readonly<Record<string, (folder: string) => Measurement>> = {
  single: (where) => singleAppends(where, 3_000 * scale),
  grouped: (where) => groupedAppends(where, 1_000 * scale),
  verify: (where) => verification(where, 100_000 * scale),
  memory: (where) => verificationMemory(where, [100_000 * scale, 300_000 * scale]),
  query: (where) => queries(where, Number(values.entries) * scale),
  proof: (where) => inclusionProofs(where, 1_000_000 * scale),
};

try {
  const on = machine(folder);
  if (!values.json)
    say(
      Object.entries(on)
        .map(([name, value]) => `${name.padEnd(12)} ${value}`)
        .join('\n'),
    );
  const done: Measurement[] = [];
  for (const [name, measure] of Object.entries(benches)) {
    if (values.only !== undefined && values.only !== name) continue;
    const measurement = measure(folder);
    done.push(measurement);
    if (!values.json) for (const line of linesOf(measurement)) say(line);
  }
  if (values.json) say(JSON.stringify({ machine: on, measurements: done }, null, 2));
  const missed = done.flatMap(({ targets }) => targets).filter(({ met }) => !met);
  if (!values.json)
    say(missed.length === 0 ? '\nEvery target is met.' : `\n${missed.length} targets are missed.`);
  process.exitCode = missed.length > 0 && !values.quick ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}
