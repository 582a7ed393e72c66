/**
 * How fast what goes to a model is masked: ordinary logs in MB a second, and lines made to be slow in milliseconds of processor time.
 * `--json` prints everything as one object; `--quick` takes a tenth of the logs. Exits with 1 when a target is missed.
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { heldSecrets } from '../../electron/analyst/outgoing/masking/held-secrets.ts';
import { masker } from '../../electron/analyst/outgoing/masking/masker.ts';
import { patternPool } from '../../electron/analyst/outgoing/masking/pattern-pool.ts';
import { personal } from '../../electron/analyst/outgoing/masking/personal.ts';
import { machine } from './ledger/machine.ts';
import { hostileLines, LINE_LENGTH, ordinaryLines } from './masking/lines.ts';

const MOST_LINE_MS = 50;
const LEAST_MB_A_SECOND = 5;
const SECRETS = 20;
const ROUNDS = 3;

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const patterns = patternPool();
const held = heldSecrets();
for (let place = 0; place < SECRETS; place++) held.register(`held-secret-${place}-of-this-bench`);

/** Processor time, of all threads, in the fastest of some rounds with a masker of its own each: what others do on the machine is not masking. */
async function fastestMs(value: unknown): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const { mask } = masker({
      held: held.find,
      patterns: patterns.find,
      personal: personal({ addresses: true }),
    });
    const begun = process.cpuUsage();
    await mask([{ value, by: 'others' }]);
    const { user, system } = process.cpuUsage(begun);
    fastest = Math.min(fastest, (user + system) / 1_000);
  }
  return fastest;
}

const lines = ordinaryLines(values.quick ? 500_000 : 5_000_000);
const megabytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0) / 1e6;
await fastestMs({ lines: lines.slice(0, 1_000) });
const mbASecond = megabytes / ((await fastestMs({ lines })) / 1_000);
const hostile: { line: string; ms: number }[] = [];
for (const [line, text] of Object.entries(hostileLines)) hostile.push({ line, ms: await fastestMs(text) });
await patterns.close();

const slow = hostile.filter(({ ms }) => ms >= MOST_LINE_MS);
const result = { machine: machine(tmpdir()), megabytes, mbASecond, lineLength: LINE_LENGTH, hostile };
if (values.json) say(JSON.stringify(result, null, 2));
else {
  say(
    `ordinary logs, ${megabytes.toFixed(1)} MB: ${mbASecond.toFixed(1)} MB/s (target ${LEAST_MB_A_SECOND})`,
  );
  say(`one line of ${LINE_LENGTH} characters (target ${MOST_LINE_MS} ms):`);
  for (const { line, ms } of hostile.toSorted((a, b) => b.ms - a.ms))
    say(`  ${ms.toFixed(1).padStart(7)} ms  ${line}`);
}
process.exitCode = slow.length > 0 || mbASecond < LEAST_MB_A_SECOND ? 1 : 0;
