import type { Anomaly, Candidates } from '../../shared/vocabulary/candidate.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';

/** How far from its normal a service is, in words and steps of one scale. */
export type Strength = { step: 0 | 1 | 2 | 3; word: string; worst: Anomaly | null };

/** The worst anomaly of each service. */
export function strengths(candidates: Candidates | null): ReadonlyMap<string, Strength> {
  const worst = new Map<string, Anomaly>();
  for (const anomaly of candidates?.anomalies ?? []) {
    const known = worst.get(anomaly.service);
    if (!known || anomaly.strength > known.strength) worst.set(anomaly.service, anomaly);
  }
  return new Map([...worst].map(([service, anomaly]) => [service, strengthOf(anomaly)]));
}

export const NORMAL: Strength = { step: 0, word: 'normal', worst: null };

/** Steps of robust standard deviations. */
function strengthOf(worst: Anomaly): Strength {
  if (worst.strength >= 20) return { step: 3, word: 'far off', worst };
  if (worst.strength >= 8) return { step: 2, word: 'off', worst };
  return { step: 1, word: 'slightly off', worst };
}

export type Path = { services: ReadonlySet<string>; calls: ReadonlySet<string> };
export const callKey = (from: string, to: string): string => `${from}\u0000${to}`;

/** Services within their normal that the trouble may have passed through one after the other, unseen. */
const MOST_UNSEEN = 2;

/**
 * The ways by which trouble in a service reaches the anomalous ones: up from callee to caller, for each of them the way
 * that passes through the fewest services that show nothing.
 */
export function impactPath(topology: Topology, service: string, anomalous: ReadonlySet<string>): Path {
  const callersOf = Map.groupBy(topology.calls, ({ to }) => to);
  // By how many services without a sign lie before them; `next` is one step nearer to the service.
  const unseen = new Map([[service, 0]]);
  const next = new Map<string, string>();
  const waiting = [service];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    for (const { from } of callersOf.get(at) ?? []) {
      const isOff = anomalous.has(from);
      const cost = (unseen.get(at) ?? 0) + (isOff ? 0 : 1);
      if (cost > MOST_UNSEEN || cost >= (unseen.get(from) ?? Number.POSITIVE_INFINITY)) continue;
      unseen.set(from, cost);
      next.set(from, at);
      if (isOff) waiting.unshift(from);
      else waiting.push(from);
    }
  }

  const kept = new Set([service]);
  for (const id of unseen.keys()) {
    if (!anomalous.has(id)) continue;
    for (let at: string | undefined = id; at !== undefined && !kept.has(at); at = next.get(at)) kept.add(at);
  }
  const calls = topology.calls.filter(({ from, to }) => from !== to && kept.has(from) && kept.has(to));
  return { services: kept, calls: new Set(calls.map(({ from, to }) => callKey(from, to))) };
}
