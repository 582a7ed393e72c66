import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Measurement } from '../ledger/measurement.ts';
import type { Probe } from './world-probe.ts';

const probeFile = fileURLToPath(new URL('./world-probe.ts', import.meta.url));
const mebibyte = 1_048_576;

/** What it takes to open a world with its history and to go on with it, in a process of its own. */
export function world(name: string, minutes: number): Measurement {
  const probe = probed(name, minutes);
  const { services, series, goOnCpuMs, goOnMs, plainMs, heapBytes, arrayBytes } = probe;
  const drillMs = probe.goneOnMinutes * 60_000;
  const speed = drillMs / goOnCpuMs;
  const title =
    name === 'shop'
      ? `The shop (bad-deploy), ${services} services`
      : `A drawn world of ${services} services, a release`;
  return {
    title: `${title}: ${series} series, ${(series / services).toFixed(0)} for each service`,
    numbers: [
      { what: 'opened with its history and a firing alert', value: probe.openMs / 1_000, unit: 's' },
      { what: 'of that, CPU time', value: probe.openCpuMs / 1_000, unit: 's' },
      { what: 'scrapes in that history', value: probe.scrapes, unit: '' },
      { what: `going on for ${probe.goneOnMinutes} minutes of drill time`, value: goOnMs / 1_000, unit: 's' },
      { what: 'speed on one core', value: speed, unit: '× real time (CPU)' },
      { what: 'beside writing its samples into arrays', value: goOnCpuMs / plainMs, unit: '× as long' },
      { what: 'heap, live', value: heapBytes / mebibyte, unit: 'MiB' },
      { what: 'samples', value: arrayBytes / mebibyte, unit: 'MiB' },
      { what: 'both, for each series', value: (heapBytes + arrayBytes) / series / 1_024, unit: 'KiB' },
      { what: 'range query: rates of an hour, by service', value: probe.ratesMs, unit: 'ms' },
      { what: 'range query: 99th percentile of an hour', value: probe.quantileMs, unit: 'ms' },
    ],
    targets:
      services < 500
        ? []
        : [
            { says: 'at least 20 series for each service', met: series / services >= 20 },
            { says: 'ten times real time within one core', met: speed >= 10 },
            { says: 'opened within 2 s', met: probe.openMs < 2_000 },
          ],
  };
}

function probed(name: string, minutes: number): Probe {
  const child = spawnSync(process.execPath, ['--expose-gc', probeFile, name, String(minutes)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`the world ${name} ended with ${child.status ?? child.signal}`);
  return JSON.parse(child.stdout) as Probe;
}
