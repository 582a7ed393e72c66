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

/**
 * The way by which trouble in a service reaches the anomalous ones: up from callee to caller, keeping only what leads to
 * an anomaly.
 */
export function impactPath(topology: Topology, service: string, anomalous: ReadonlySet<string>): Path {
  const callersOf = new Map<string, string[]>();
  for (const { from, to } of topology.calls) callersOf.set(to, [...(callersOf.get(to) ?? []), from]);

  const reachable = new Set([service]);
  for (const at of reachable) for (const caller of callersOf.get(at) ?? []) reachable.add(caller);

  // Walk back from the anomalous ends; a cycle is no trouble since each service is kept once.
  const kept = new Set([...reachable].filter((id) => id === service || anomalous.has(id)));
  const inside = topology.calls.filter(({ from, to }) => reachable.has(from) && reachable.has(to));
  for (const at of kept) for (const { from, to } of inside) if (from === at) kept.add(to);

  const calls = inside.filter(({ from, to }) => kept.has(from) && kept.has(to));
  return { services: kept, calls: new Set(calls.map(({ from, to }) => callKey(from, to))) };
}
