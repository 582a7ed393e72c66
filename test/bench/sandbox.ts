/**
 * What the simulated environment costs, by the size of its world: to open it with its history, to go on, to keep it and
 * to ask it. Speed is drill time over CPU time, which a busy machine disturbs least; beside it stands a plain loop that
 * writes as many samples into arrays, in the same run. `--json` prints everything as one object; `--quick` goes on for a
 * shorter time; `--only` names one world: shop, 100, 250 or 500. Exits with 1 when a target is missed, unless `--quick`.
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { machine } from './ledger/machine.ts';
import { linesOf } from './ledger/measurement.ts';
import { world } from './sandbox/worlds.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const worlds = ['shop', '100', '250', '500'].filter(
  (name) => values.only === undefined || values.only === name,
);

const { sqlite: _sqlite, filesystem: _filesystem, ...on } = machine(tmpdir());
if (!values.json) for (const [name, value] of Object.entries(on)) say(`${name.padEnd(12)} ${value}`);
const done = worlds.map((name) => {
  const measurement = world(name, values.quick ? 2 : 10);
  if (!values.json) for (const line of linesOf(measurement)) say(line);
  return measurement;
});
if (values.json) say(JSON.stringify({ machine: on, measurements: done }, null, 2));
const missed = done.flatMap(({ targets }) => targets).filter(({ met }) => !met);
if (!values.json)
  say(missed.length === 0 ? '\nEvery target is met.' : `\n${missed.length} targets are missed.`);
process.exitCode = missed.length > 0 && !values.quick ? 1 : 0;
