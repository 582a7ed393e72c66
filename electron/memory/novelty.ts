/**
 * How little an incident resembles anything known, from two sides:
 *
 * - `outside`: how likely the ranking holds it that the cause is among none of the candidates;
 * - `unlike`: 0.6 × the distance to the nearest remembered incident + 0.4 × the share of today's services and signals that
 *   no remembered incident ever had. A memory of few incidents knows little, so it counts by n / (n + 5): nothing while
 *   nothing is remembered, half with five incidents, four fifths with twenty.
 *
 * The score is the larger of the two: either alone is reason enough for a senior reading, and two middling ones are not.
 * From 0.5 on the incident is novel.
 */
import type { Novelty, RememberedIncident, Traits } from '../../shared/vocabulary/memory.ts';
import { type Known, knownTerms } from './similarity.ts';

const NOVEL_FROM = 0.5;
const DISTANCE_SHARE = 0.6;
const COVERAGE_SHARE = 0.4;
/** So many incidents must be remembered before the memory's word counts half. */
const HALF_TRUSTED = 5;
/** As many services and signals have to be seen before it is said that they are unlike anything. */
const LEAST_TERMS = 2;

export function noveltyOf(
  now: Traits,
  /** The similarity of the nearest; 0 when nothing is near. */
  nearest: number,
  remembered: readonly Pick<RememberedIncident, 'traits'>[],
  outside: number,
  known: Known = knownTerms(remembered),
): Novelty {
  const count = remembered.length;
  const seen = now.services.length + now.signals.length;
  const distance = count === 0 || seen < LEAST_TERMS ? null : 1 - nearest;
  const coverage = count === 0 || seen < LEAST_TERMS ? null : coverageOf(now, known);
  const unlike =
    distance === null || coverage === null ? 0 : DISTANCE_SHARE * distance + COVERAGE_SHARE * (1 - coverage);
  const trusted = (count / (count + HALF_TRUSTED)) * unlike;
  const score = Math.min(1, Math.max(outside, trusted));
  return {
    score,
    isNovel: score >= NOVEL_FROM,
    outside,
    distance,
    coverage,
    remembered: count,
    sentences: [...aboutMemory(distance, coverage, count, trusted), ...aboutRanking(outside)],
  };
}

/** The weight of today's services and signals that some remembered incident had, beside the weight of all of them. */
function coverageOf(now: Traits, { weightOf, has }: Known): number {
  let known = 0;
  let all = 0;
  for (const aspect of ['services', 'signals'] as const) {
    for (const term of now[aspect]) {
      const weight = weightOf(aspect, term);
      all += weight;
      if (has(aspect, term)) known += weight;
    }
  }
  return all === 0 ? 0 : known / all;
}

function aboutMemory(
  distance: number | null,
  coverage: number | null,
  count: number,
  trusted: number,
): string[] {
  if (count === 0) return ['Nothing is remembered yet, so there is nothing to compare with.'];
  if (distance === null || coverage === null) return ['Too little is seen yet to compare it with.'];
  const among = `${count} remembered ${count === 1 ? 'incident' : 'incidents'}`;
  const known = `${percent(coverage)} of what is seen now was seen in any of them`;
  return trusted >= NOVEL_FROM
    ? [`Nothing similar is known: the nearest of ${among} is ${percent(1 - distance)} alike, and ${known}.`]
    : [`The nearest of ${among} is ${percent(1 - distance)} alike; ${known}.`];
}

const aboutRanking = (outside: number): string[] => [
  outside >= NOVEL_FROM
    ? `No change we see explains it well: with ${percent(outside)} the cause is none of them.`
    : `The ranking holds it ${percent(outside)} likely that the cause is none of the changes we see.`,
];

const percent = (share: number) => `${Math.round(share * 100)} %`;
