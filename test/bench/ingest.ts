/**
 * How long a fact takes from a source to the screen's stream while a thousand come every second from four sources, and how
 * much memory the host takes. The sources are API servers in processes of their own, the host is the real one with its
 * store. `--json` prints everything as one object; `--seconds` and `--per-second` change the size. Exits with 1 when a target
 * is missed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ingested } from './ingest/ingested.ts';
import { machine } from './ledger/machine.ts';
import { linesOf, type Measurement, percentile } from './ledger/measurement.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    'per-second': { type: 'string', default: '1000' },
  },
});
const dataDir = mkdtempSync(join(tmpdir(), 'ingest-'));
const found = await ingested({
  dataDir,
  perSecond: Number(options['per-second']),
  seconds: Number(options.seconds),
});
rmSync(dataDir, { recursive: true, force: true });

const p95 = percentile(found.delaysMs, 0.95);
const measurement: Measurement = {
  title: `${found.sent} facts from four sources, ${options['per-second']} a second for ${options.seconds} s`,
  numbers: [
    { what: 'sent to streamed, median', value: percentile(found.delaysMs, 0.5), unit: 'ms' },
    { what: 'sent to streamed, 95th percentile', value: p95, unit: 'ms' },
    { what: 'sent to streamed, at worst', value: percentile(found.delaysMs, 1), unit: 'ms' },
    { what: 'memory of the host, at most', value: found.rssMiB, unit: 'MiB' },
    { what: 'facts lost', value: found.sent - found.heard, unit: '' },
    { what: 'facts told again', value: found.again, unit: '' },
  ],
  targets: [
    { says: '95 of 100 within 100 ms', met: p95 < 100 },
    { says: 'memory below 400 MiB', met: found.rssMiB < 400 },
    { says: 'none lost and none told twice', met: found.heard === found.sent && found.again === 0 },
  ],
};
const missed = measurement.targets.filter(({ met }) => !met);
const { sqlite: _sqlite, filesystem: _filesystem, ...on } = machine(tmpdir());
if (options.json)
  process.stdout.write(`${JSON.stringify({ machine: on, measurements: [measurement] }, null, 2)}\n`);
else process.stdout.write(`${linesOf(measurement).join('\n')}\n`);
process.exitCode = missed.length > 0 ? 1 : 0;
