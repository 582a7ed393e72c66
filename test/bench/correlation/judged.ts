import { type Explanation, explain } from '../../../electron/correlation/rank-explained.ts';
import { type Baseline, type BaselineName, baselineNames, baselinesOf } from './baselines.ts';
import type { Labelled } from './labelled.ts';

export type Ranker = 'Countersign' | BaselineName;
export const rankers: readonly Ranker[] = ['Countersign', ...baselineNames];

/** Places, counted from 1, of the first true change, of the last of several, and of the first true service. */
export type Places = { change: number | null; lastChange: number | null; service: number | null };

/** What became of one case. */
export type Judged = {
  group: string;
  name: string;
  kind: string;
  /** None of its changes is behind it, so that any ranking of them is wrong: the cause was no change, or one not told. */
  isNovel: boolean;
  places: Record<Ranker, Places>;
  /** Estimated less true, minutes; null when no onset was found. */
  onsetErrorMinutes: number | null;
  novelty: number;
  /** The score of the first change, and whether it is a true one. */
  topScore: number;
  topIsTrue: boolean;
  ms: number;
};

export function judge({ group, name, kind, input, truth }: Labelled, seed: number): Judged {
  const startMs = performance.now();
  const explanation = explain(input);
  const ms = performance.now() - startMs;
  const placesIn = ({ changes, services }: Baseline): Places => {
    const found = changes.flatMap((id, index) => (truth.changes.includes(id) ? [index + 1] : []));
    const service = services.findIndex((id) => truth.services.includes(id));
    return {
      change: found[0] ?? null,
      lastChange: found.length < truth.changes.length ? null : (found.at(-1) ?? null),
      service: service < 0 ? null : service + 1,
    };
  };
  const baselines = baselinesOf(input, truth, seed);
  const places = Object.fromEntries(
    rankers.map((ranker) => [
      ranker,
      placesIn(ranker === 'Countersign' ? idsOf(explanation) : baselines[ranker]),
    ]),
  ) as Record<Ranker, Places>;
  const { onsetMs, novelty, changes } = explanation;
  return {
    group,
    name,
    kind,
    isNovel: !input.changes.some(({ id }) => truth.changes.includes(id)),
    places,
    onsetErrorMinutes: onsetMs === null ? null : (onsetMs - Date.parse(truth.onset)) / 60_000,
    novelty,
    topScore: changes[0]?.score ?? 0,
    topIsTrue: places.Countersign.change === 1,
    ms,
  };
}

const idsOf = ({ changes, services }: Explanation): Baseline => ({
  changes: changes.map(({ id }) => id),
  services: services.map(({ id }) => id),
});
