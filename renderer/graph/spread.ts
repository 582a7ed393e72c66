import type { Candidates, ChangeCandidate } from '../../shared/vocabulary/candidate.ts';
import { duration } from '../ui/words.ts';
import { callKey, type Path } from './impact.ts';

/** When each service first left its normal. */
export function onsets(candidates: Candidates | null): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { service, onsetMs } of candidates?.anomalies ?? [])
    first.set(service, Math.min(first.get(service) ?? onsetMs, onsetMs));
  return first;
}

/** For each call on the path how much later its caller left its normal than its callee, as far as both are off. */
export function delays(path: Path, first: ReadonlyMap<string, number>): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const to of path.services)
    for (const from of path.services) {
      const key = callKey(from, to);
      const callee = first.get(to);
      const caller = first.get(from);
      if (path.calls.has(key) && callee !== undefined && caller !== undefined)
        words.set(key, signed(caller - callee));
    }
  return words;
}

export type Step = { service: string; words: string };

/** The services on the path in the order in which the trouble came to them, counted from the change where one is chosen. */
export function spread(
  path: Path,
  first: ReadonlyMap<string, number>,
  change: ChangeCandidate | null,
): Step[] {
  const reached = [...path.services]
    .flatMap((service) => {
      const atMs = first.get(service);
      return atMs === undefined ? [] : [{ service, atMs }];
    })
    .toSorted((a, b) => a.atMs - b.atMs || (a.service < b.service ? -1 : 1));
  const originMs = change?.atMs ?? reached[0]?.atMs ?? 0;
  return reached.map(({ service, atMs }) => ({ service, words: signed(atMs - originMs) }));
}

const signed = (ms: number): string =>
  Math.abs(ms) < 1000 ? '0 s' : `${ms < 0 ? '−' : '+'}${duration(Math.abs(ms))}`;
