/**
 * What it costs to find the few services that changed among very many on Debian's Prometheus, where the engine looks for
 * them; beside it the same where every series is read. `--json` prints everything as one object, `--services` changes the
 * size (each has two series, and a traffic and an error rate by convention). Exits with 1 when a target is missed.
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { prometheus } from '../../electron/connectors/prometheus/prometheus.ts';
import { countingProxy } from '../fixtures/counting-proxy.ts';
import { startPrometheus } from '../fixtures/debian-servers.ts';
import { manyServices, nameOf } from '../fixtures/many-services.ts';
import { machine } from './ledger/machine.ts';
import { linesOf, type Measurement } from './ledger/measurement.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    services: { type: 'string', default: '10000' },
  },
});
const services = Number(options.services);
const t0 = 1_772_359_200;
const failing = [0.1, 0.4, 0.9].map((share) => Math.floor(services * share));
const deserted = [0.2, 0.7].map((share) => Math.floor(services * share));
const window = { fromMs: (t0 + 3_600) * 1_000, toMs: (t0 + 5_400) * 1_000, stepMs: 60_000 };

const history = manyServices({ services, fromSeconds: t0, minutes: 92, brokenFrom: 80, failing, deserted });
const server = await startPrometheus({ history });
const proxy = await countingProxy(server.url);
const wide = await read('where the engine looks', undefined);
const plain = await read('where everything is read', Number.POSITIVE_INFINITY);
await proxy.close();
await server.close();

const found = (name: string, wanted: readonly number[]) =>
  wanted.filter((one) => wide.names.has(`${name} of ${nameOf(one)}`)).length;
const broken = found('error_rate', failing) + found('traffic', deserted);
const measurement: Measurement = {
  title: `${services} services with ${2 * services} series, ${failing.length + deserted.length} of them broken for ten minutes`,
  numbers: [...wide.numbers, ...plain.numbers],
  targets: [
    { says: 'every broken service found', met: broken === failing.length + deserted.length },
    { says: 'less than a hundredth of the series read', met: wide.names.size < services / 50 },
    { says: 'less over the wire than a tenth of everything', met: wide.bytes < plain.bytes / 10 },
  ],
};
const { sqlite: _sqlite, filesystem: _filesystem, ...on } = machine(tmpdir());
if (options.json)
  process.stdout.write(`${JSON.stringify({ machine: on, measurements: [measurement] }, null, 2)}\n`);
else process.stdout.write(`${linesOf(measurement).join('\n')}\n`);
process.exitCode = measurement.targets.every(({ met }) => met) ? 0 : 1;

async function read(how: string, wideFrom: number | undefined) {
  const connector = prometheus({
    id: 'p',
    name: 'p',
    url: proxy.url,
    authorization: null,
    timeoutMs: 120_000,
    ...(wideFrom === undefined ? {} : { wideFrom }),
  });
  const bytesBefore = proxy.seen.bytes;
  const times: number[] = [];
  let names = new Set<string>();
  let failure = '';
  for (let round = 0; round < 2; round += 1) {
    const startMs = performance.now();
    try {
      const series = await connector.metrics?.serviceMetrics(window, AbortSignal.timeout(120_000));
      names = new Set(series?.map(({ name, service }) => `${name} of ${service}`));
    } catch (error) {
      failure = error instanceof Error ? `, ${error.message}` : '';
    }
    times.push((performance.now() - startMs) / 1_000);
  }
  const bytes = proxy.seen.bytes - bytesBefore;
  return {
    names,
    bytes,
    numbers: [
      { what: `${how}: first time`, value: times[0] ?? Number.NaN, unit: 's' },
      { what: `${how}: again`, value: times[1] ?? Number.NaN, unit: 's' },
      { what: `${how}: over the wire`, value: bytes / 1_048_576, unit: `MiB${failure}` },
      { what: `${how}: series`, value: names.size, unit: '' },
    ],
  };
}
