import { reachedFrom } from './call-graph.ts';
import { type Channel, channels, type Excess } from './excess.ts';
import { sumOf } from './median.ts';
import { medianPlace, type OnsetProfile } from './onset-profile.ts';
import { profileOf, type Reading } from './reading.ts';
import type { ServiceEvidence } from './services.ts';
import { weights } from './weights.ts';

/** What is weighed of a service, by name. Most are 0 for a service in order. The weights are in fitted-weights.ts. */
export const serviceSigns = [
  ...channels.flatMap((channel) => [`${channel} strength`, `${channel} size`] as const),
  'own share',
  'most of all',
  'unexplained',
  'deviation',
  'felt by callers',
  'reach',
  'late',
  'early',
  'unmeasured',
  'worst caller',
  'callers together',
] as const;
export type ServiceSign = (typeof serviceSigns)[number];
export type Signs<Name extends string> = Readonly<Record<Name, number>>;

/** What speaks for trouble starting at a service, before any change is looked at. */
export type ServiceCase = {
  id: string;
  signs: Signs<ServiceSign>;
  /** Its own excesses, the most certain first. */
  excesses: readonly Excess[];
  /** When its own trouble began; null when it shows none clearly. */
  profile: OnsetProfile | null;
  isMeasured: boolean;
};

export function serviceCases(
  reading: Reading,
  evidence: ReadonlyMap<string, ServiceEvidence>,
): Map<string, ServiceCase> {
  const { excesses, measured, graph, grid, searchFrom, incidentMs } = reading;
  const ownOf = new Map([...excesses].map(([id, found]) => [id, ownOfAll(found)]));
  const most = Math.max(1, ...ownOf.values());
  const deviationOf = (id: string): number => evidence.get(id)?.deviation ?? 0;
  const inAll = sumOf([...evidence.values()].map(({ deviation }) => deviation));
  return new Map([...evidence.keys()].map((id) => [id, caseOf(id)]));

  function caseOf(id: string): ServiceCase {
    const found = (excesses.get(id) ?? []).toSorted((a, b) => certainty(b) - certainty(a));
    const own = ownOf.get(id) ?? 0;
    const profile = own > 0 ? profileOf(found, searchFrom, grid) : null;
    const isMeasured = measured.has(id);
    const callers = graph.callers.get(id) ?? [];
    const signs: Record<ServiceSign, number> = { ...none };
    for (const one of found) {
      signs[`${one.channel} strength`] = certainty(one);
      signs[`${one.channel} size`] = sizeOf(one);
    }
    signs['own share'] = own / most;
    signs['most of all'] = own === most ? 1 : 0;
    signs.unexplained = evidence.get(id)?.ownExcess ?? 0;
    signs.deviation = deviationOf(id);
    signs['felt by callers'] = callers.length === 0 ? 0.5 : Math.max(...callers.map(deviationOf));
    const above = [...reachedFrom(graph.callers, id)];
    signs.reach = inAll > 0 ? sumOf(above.map(deviationOf)) / inAll : 0;
    const lateMinutes = profile ? minutesAfterIncident(profile) : 0;
    signs.late = Math.min(3, Math.max(0, lateMinutes - 2) / 10);
    signs.early = Math.min(3, Math.max(0, -lateMinutes - 2) / 10);
    if (!isMeasured) {
      const suffering = callers.map((caller) => ownOf.get(caller) ?? 0);
      signs.unmeasured = 1;
      signs['worst caller'] = Math.max(0, ...suffering);
      signs['callers together'] = sumOf(suffering) / Math.max(1, suffering.length);
    }
    return { id, signs, excesses: found, profile, isMeasured };
  }

  function minutesAfterIncident(profile: OnsetProfile): number {
    const atMs = grid.fromMs + medianPlace(profile) * grid.stepMs;
    return (atMs - incidentMs) / 60_000;
  }
}

const none = Object.fromEntries(serviceSigns.map((sign) => [sign, 0])) as Record<ServiceSign, number>;

/** Memory that grows hurts nobody by itself. */
const ownOfAll = (found: readonly Excess[]): number =>
  found.reduce((most, one) => (one.channel === 'memory' ? most : Math.max(most, certainty(one))), 0);

/** How far beyond chance, and still there: by logarithm, since twice as many deviations are not twice as certain. */
export function certainty({ strength, lasting }: Excess): number {
  const { chance, passed } = weights.signs;
  return Math.log1p(Math.max(0, strength - chance)) * (passed + (1 - passed) * lasting);
}

function sizeOf({ channel, size, strength }: Excess): number {
  const { halfCertain, errors, others, most } = weights.signs;
  const certain = strength ** 2 / (strength ** 2 + halfCertain ** 2);
  const large = channel === 'errors' ? Math.log1p(size / errors) : others * Math.log1p(others * size);
  return certain * Math.min(most, Math.max(0, large));
}

/** In which way a service is out of order most; null when in none. */
export const mainChannel = ({ excesses }: ServiceCase): Channel | null => excesses[0]?.channel ?? null;
