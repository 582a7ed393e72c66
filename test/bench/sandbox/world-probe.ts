/**
 * Opens one world in a process of its own, so that neither compiled code nor memory is another's, and says on standard
 * output what it cost. Arguments: a number of services, or `shop`, and how many minutes to go on for.
 */
import { fileURLToPath } from 'node:url';
import { generateScenario, ordinaryOptions } from '../../../electron/sandbox/generate/generate-scenario.ts';
import { openDrill } from '../../../electron/sandbox/open-drill.ts';
import { rangeQuery } from '../../../electron/sandbox/prometheus/run-query.ts';
import { loadScenarios } from '../../../electron/sandbox/scenario/load-scenarios.ts';
import type { Scenario } from '../../../electron/sandbox/scenario/scenario.ts';

export type Probe = {
  services: number;
  series: number;
  scrapes: number;
  openMs: number;
  openCpuMs: number;
  goOnMs: number;
  goOnCpuMs: number;
  /** Writing as many samples as that into as many arrays, and nothing else. */
  plainMs: number;
  goneOnMinutes: number;
  heapBytes: number;
  arrayBytes: number;
  ratesMs: number;
  quantileMs: number;
};

const [world = 'shop', minutes = '10'] = process.argv.slice(2);
const nowMs = Date.parse('2026-03-03T03:00:00Z');

const before = memory();
const scenario = scenarioOf(world);
const open = measured(() => openDrill(scenario, 1, nowMs));
const { simulation } = open.result;
const { series } = simulation;
const scrapes = series.scrapes();
const goneOnMinutes = Number(minutes);
const untilMs = nowMs + goneOnMinutes * 60_000;
const goOn = measured(() => simulation.advanceTo(untilMs));
const scraped = series.scrapes() - scrapes;
const count = series.all().length;
const after = memory();

const query = (text: string) =>
  measured(() => {
    const hour = { start: String((untilMs - 3_600_000) / 1_000), end: String(untilMs / 1_000), step: '30' };
    rangeQuery(new URLSearchParams({ query: text, ...hour }), series);
  }).wallMs;
const probe: Probe = {
  services: scenario.topology.services.length,
  series: count,
  scrapes: series.scrapes(),
  openMs: open.wallMs,
  openCpuMs: open.cpuMs,
  goOnMs: goOn.wallMs,
  goOnCpuMs: goOn.cpuMs,
  plainMs: plainWrites(count, scraped),
  goneOnMinutes,
  heapBytes: after.heapBytes - before.heapBytes,
  arrayBytes: after.arrayBytes - before.arrayBytes,
  ratesMs: query('sum by (destination_workload) (rate(istio_requests_total{reporter="destination"}[2m]))'),
  quantileMs: query(
    'histogram_quantile(0.99, sum by (le, destination_workload) (rate(istio_request_duration_milliseconds_bucket[2m])))',
  ),
};
process.stdout.write(JSON.stringify(probe));

function scenarioOf(name: string): Scenario {
  if (name !== 'shop') return generateScenario({ ...ordinaryOptions, seed: 1, services: Number(name) });
  const folder = fileURLToPath(new URL('../../../resources/scenarios', import.meta.url));
  return held(loadScenarios(folder).find((one) => one.name === 'bad-deploy') ?? null);
}

function held<T>(value: T | null): T {
  if (value === null) throw new Error('there is no such world');
  return value;
}

function measured<T>(work: () => T): { wallMs: number; cpuMs: number; result: T } {
  const fromMs = performance.now();
  const from = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(from);
  return { wallMs: performance.now() - fromMs, cpuMs: (user + system) / 1_000, result };
}

/** What is alive once what is garbage is gone. */
function memory(): { heapBytes: number; arrayBytes: number } {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heapBytes: heapUsed, arrayBytes: arrayBuffers };
}

function plainWrites(arrays: number, each: number): number {
  const all = Array.from({ length: arrays }, () => new Float64Array(each));
  return measured(() => {
    for (let at = 0; at < each; at++) for (const values of all) values[at] = at;
  }).cpuMs;
}
