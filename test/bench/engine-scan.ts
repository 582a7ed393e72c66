/**
 * What it costs to find the few services that changed or are new among very many on Debian's Prometheus, where the engine
 * looks for them; beside it the same questions as they would be asked to read every series. `--json` prints everything as
 * one object, `--services` changes the size (each has two series, and a traffic and an error rate by convention). Exits
 * with 1 when a target is missed.
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { conventions } from '../../electron/connectors/prometheus/conventions/all.ts';
import { prometheus } from '../../electron/connectors/prometheus/prometheus.ts';
import { queryOf } from '../../electron/connectors/prometheus/service-metrics.ts';
import { countingProxy } from '../fixtures/counting-proxy.ts';
import { startPrometheus } from '../fixtures/debian-servers.ts';
import { historyOfEach, nameOf } from '../fixtures/many-services.ts';
import { machine } from './ledger/machine.ts';
import { linesOf, type Measurement } from './ledger/measurement.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    services: { type: 'string', default: '20000' },
  },
});
const services = Number(options.services);
const t0 = 1_772_359_200;
const at = (share: number) => Math.floor(services * share);
const failing = [0.1, 0.4, 0.9].map(at);
const deserted = [0.2, 0.7].map(at);
const comingFailing = [0.3, 0.6].map(at);
const window = { fromMs: (t0 + 3_600) * 1_000, toMs: (t0 + 5_400) * 1_000, stepMs: 60_000 };
const WAITS_MS = 120_000;

const about = { services, fromSeconds: t0, minutes: 92, brokenFrom: 80, failing, deserted };
const history = historyOfEach({ ...about, coming: comingFailing, comingFailing });
const server = await startPrometheus({ history });
const proxy = await countingProxy(server.url);

const connector = prometheus({
  id: 'p',
  name: 'p',
  url: proxy.url,
  authorization: null,
  timeoutMs: WAITS_MS,
});
const found = new Set<string>();
const read = async (toMs: number) => {
  const series = await connector.metrics?.serviceMetrics({ ...window, toMs }, AbortSignal.timeout(WAITS_MS));
  for (const { name, service } of series ?? []) found.add(`${name} of ${service}`);
};
const first = await measured(() => read(window.toMs));
const again = await measured(() => read(window.toMs));
const asked = conventions
  .filter(({ metrics, name }) => metrics[0] === 'http_requests_total' && /traffic|error/.test(name))
  .map((convention) => queryOf(convention, window));
const all = await measured(() => Promise.all(asked.map(readAll)));
await proxy.close();
await server.close();

const wanted = [
  ...[...failing, ...comingFailing].map((one) => `error_rate of ${nameOf(one)}`),
  ...deserted.map((one) => `traffic of ${nameOf(one)}`),
];
const missing = wanted.filter((one) => !found.has(one));
const numbersOf = (how: string, { seconds, engineSeconds, bytes, memory }: typeof first) => [
  { what: `${how}: time`, value: seconds, unit: 's' },
  { what: `${how}: in the engine`, value: engineSeconds, unit: 's' },
  { what: `${how}: over the wire`, value: bytes / 1_048_576, unit: 'MiB' },
  { what: `${how}: memory of the host`, value: memory / 1_048_576, unit: 'MiB at most' },
];
const measurement: Measurement = {
  title: `${services} services with ${2 * services} series, ${wanted.length} of them broken or new and failing for ten minutes`,
  numbers: [
    ...numbersOf('first look', first),
    ...numbersOf('read again', again),
    ...numbersOf('baseline, reading all', all),
    { what: 'series that are read', value: found.size, unit: '' },
  ],
  targets: [
    {
      says: `everything found${missing.length > 0 ? `, but not ${missing.join(', ')}` : ''}`,
      met: missing.length === 0,
    },
    { says: 'less than a hundredth of the series read', met: found.size < services / 50 },
    { says: 'less over the wire than a hundredth of everything', met: first.bytes < all.bytes / 100 },
    { says: 'a look ends before it is given up (100 s)', met: first.seconds < 100 },
    { says: 'reading again takes less than a second', met: again.seconds < 1 },
  ],
};
const { sqlite: _sqlite, filesystem: _filesystem, ...on } = machine(tmpdir());
if (options.json)
  process.stdout.write(`${JSON.stringify({ machine: on, measurements: [measurement] }, null, 2)}\n`);
else process.stdout.write(`${linesOf(measurement).join('\n')}\n`);
process.exitCode = measurement.targets.every(({ met }) => met) ? 0 : 1;

/** What a plain client does: one question a convention, and the whole answer parsed. */
async function readAll(query: string): Promise<number> {
  const { fromMs, toMs, stepMs } = window;
  const form = { query, start: `${fromMs / 1_000}`, end: `${toMs / 1_000}`, step: `${stepMs / 1_000}` };
  const reply = await fetch(`${proxy.url}/api/v1/query_range`, {
    method: 'POST',
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(WAITS_MS),
  });
  const told = (await reply.json()) as { status: string; data: { result: unknown[] } };
  if (told.status !== 'success') throw new Error(`Prometheus did not answer: ${JSON.stringify(told)}`);
  return told.data.result.length;
}

async function measured(work: () => Promise<unknown>) {
  const bytesBefore = proxy.seen.bytes;
  const engineBefore = await engineSeconds();
  globalThis.gc?.();
  const memoryBefore = process.memoryUsage().rss;
  let highest = memoryBefore;
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 20);
  const startMs = performance.now();
  await work();
  const seconds = (performance.now() - startMs) / 1_000;
  clearInterval(watch);
  highest = Math.max(highest, process.memoryUsage().rss);
  return {
    seconds,
    engineSeconds: (await engineSeconds()) - engineBefore,
    bytes: proxy.seen.bytes - bytesBefore,
    memory: highest - memoryBefore,
  };
}

/** What the engine itself counts as spent on evaluation, all queries together. */
async function engineSeconds(): Promise<number> {
  const shown = await (await fetch(`${server.url}/metrics`)).text();
  const [, spent] =
    /^prometheus_engine_query_duration_seconds_sum\{slice="inner_eval"\} (\S+)$/m.exec(shown) ?? [];
  return Number(spent ?? Number.NaN);
}
