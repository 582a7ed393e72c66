import type { Anomaly } from '../../shared/vocabulary/candidate.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';

/** The services with how many of their series are off, the one that is furthest off first. */
export function servicesByStrength(
  topology: Topology | undefined,
  anomalies: readonly Anomaly[],
): { id: string; off: number }[] {
  const ids = new Set([
    ...(topology?.services.map(({ id }) => id) ?? []),
    ...anomalies.map(({ service }) => service),
  ]);
  const strength = (id: string) =>
    Math.max(0, ...anomalies.filter(({ service }) => service === id).map((anomaly) => anomaly.strength));
  return [...ids]
    .map((id) => ({
      id,
      off: anomalies.filter(({ service }) => service === id).length,
      strength: strength(id),
    }))
    .sort((a, b) => b.strength - a.strength || (a.id < b.id ? -1 : 1))
    .map(({ id, off }) => ({ id, off }));
}
