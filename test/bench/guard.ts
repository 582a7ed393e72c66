/**
 * What a verdict and a truth table cost with two hundred policies, against the same with those that ship. `--json` prints
 * everything as one object; `--quick` asks a tenth. Exits with 1 when a target is missed, unless `--quick`.
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { loadEnvelope } from '../../electron/guard/envelope/load-envelope.ts';
import { envelopeWith } from './guard/many-policies.ts';
import { tables } from './guard/tables.ts';
import { verdicts } from './guard/verdicts.ts';
import { machine } from './ledger/machine.ts';
import { linesOf } from './ledger/measurement.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const shipped = loadEnvelope('resources/envelope');
const few = envelopeWith(10, shipped);
const many = envelopeWith(200, shipped, 'one action each');
const worst = envelopeWith(200, shipped);
const on = machine(tmpdir());
const measurements = [verdicts(many, worst, few, values.quick ? 2_000 : 20_000), tables(worst, few)];
if (values.json) say(JSON.stringify({ machine: on, measurements }, null, 2));
else {
  for (const [name, value] of Object.entries(on)) say(`${name.padEnd(12)} ${value}`);
  for (const measurement of measurements) for (const line of linesOf(measurement)) say(line);
}
const missed = measurements.flatMap(({ targets }) => targets).filter(({ met }) => !met);
process.exitCode = missed.length > 0 && !values.quick ? 1 : 0;
