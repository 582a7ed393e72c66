import type { LoadedEnvelope } from '../../../electron/guard/envelope/loaded-envelope.ts';
import { guard } from '../../../electron/guard/guard.ts';
import type { Request } from '../../../electron/guard/rule.ts';
import { requestOf } from '../../fixtures/request-of.ts';
import { type Measurement, percentile, sum } from '../ledger/measurement.ts';

/** The most that the slowest of a hundred verdicts may take. */
const LIMIT_MS = 1;

/** Verdicts one after the other, each on another request, as time goes on by a minute from one to the next. */
export function verdicts(
  many: LoadedEnvelope,
  worst: LoadedEnvelope,
  few: LoadedEnvelope,
  count: number,
): Measurement {
  const slow = measure(many, count);
  const slowest = measure(worst, count);
  const baseline = measure(few, count);
  const p99 = percentile(slow, 0.99);
  return {
    title: `${count} verdicts, ${many.policies.length} policies against ${few.policies.length}`,
    numbers: [
      ...linesOf(`${few.policies.length} policies`, baseline),
      ...linesOf(`${many.policies.length} policies, each about one action`, slow),
      ...linesOf(`${worst.policies.length} policies, all about every request`, slowest),
      {
        what: 'as many times as long in the middle',
        value: percentile(slow, 0.5) / percentile(baseline, 0.5),
        unit: '',
      },
    ],
    targets: [
      {
        says: `p99 with ${many.policies.length} policies, each about one action, below ${LIMIT_MS} ms`,
        met: p99 < LIMIT_MS,
      },
    ],
  };
}

function measure(loaded: LoadedEnvelope, count: number): number[] {
  const inForce = { kind: 'in-force', loaded } as const;
  const requests = Array.from({ length: count }, (_none, at) => requestAt(at));
  for (const request of requests.slice(0, Math.min(500, count))) guard(request, inForce);
  return requests.map((request) => {
    const startMs = performance.now();
    guard(request, inForce);
    return performance.now() - startMs;
  });
}

function requestAt(at: number): Request {
  const service = `service-${at % 211}`;
  return requestOf({
    atMs: Date.parse('2026-03-03T00:00:00Z') + at * 60_000,
    target: { cluster: 'prod', kind: 'Deployment', namespace: `team-${at % 97}-shop`, name: service },
    cluster: 'prod',
    service,
    confidence: (at % 101) / 100,
    executionsOnService: at % 6,
  });
}

const linesOf = (what: string, times: readonly number[]): Measurement['numbers'] => [
  { what: `${what}: p50`, value: percentile(times, 0.5), unit: 'ms' },
  { what: `${what}: p99`, value: percentile(times, 0.99), unit: 'ms' },
  { what: `${what}: verdicts a second`, value: (times.length / sum(times)) * 1_000, unit: '/s' },
];
