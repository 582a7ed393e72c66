/**
 * How alike two incidents are. For each aspect the weight of the terms that both have is divided by the weight of the
 * terms that either has (a weighted Jaccard index); a term weighs the more, the fewer remembered incidents have it:
 *
 *     weight(term) = ln(1 + (N + 1) / (n + 1)),  N remembered incidents, n of them with the term
 *
 * The similarity is the mean over the aspects, weighted as below; an aspect that neither incident has terms for is left
 * out, and the weights of the others take its place. It is 1 for the same terms, 0 for none in common, and symmetric.
 */
import type { Aspect, Likeness, RememberedIncident, Traits } from '../../shared/vocabulary/memory.ts';

export const ASPECT_WEIGHTS: Readonly<Record<Aspect, number>> = {
  services: 0.3,
  signals: 0.35,
  changeKinds: 0.15,
  words: 0.2,
};
const ASPECTS = Object.keys(ASPECT_WEIGHTS) as Aspect[];

/** How much a term of an aspect weighs among what is remembered. */
export type TermWeight = (aspect: Aspect, term: string) => number;
export type Compared = { similarity: number; likeness: Likeness[] };

/** Counted once for a whole memory, asked for each comparison. */
export function termWeights(remembered: readonly Pick<RememberedIncident, 'traits'>[]): TermWeight {
  const counts = new Map(ASPECTS.map((aspect) => [aspect, new Map<string, number>()]));
  for (const { traits } of remembered) {
    for (const aspect of ASPECTS) {
      const terms = counts.get(aspect);
      for (const term of new Set<string>(traits[aspect])) terms?.set(term, (terms.get(term) ?? 0) + 1);
    }
  }
  const total = remembered.length;
  return (aspect, term) => Math.log(1 + (total + 1) / ((counts.get(aspect)?.get(term) ?? 0) + 1));
}

export function compare(now: Traits, then: Traits, weightOf: TermWeight): Compared {
  const told = ASPECTS.filter((aspect) => now[aspect].length + then[aspect].length > 0);
  const whole = sum(told.map((aspect) => ASPECT_WEIGHTS[aspect]));
  const likeness = told.map((aspect): Likeness => {
    const parts = split(now[aspect], then[aspect]);
    const weigh = (terms: readonly string[]) => sum(terms.map((term) => weightOf(aspect, term)));
    const both = weigh(parts.alike);
    const either = both + weigh(parts.onlyNow) + weigh(parts.onlyThen);
    return { aspect, weight: ASPECT_WEIGHTS[aspect] / whole, score: clamped(both / either), ...parts };
  });
  return { similarity: clamped(sum(likeness.map(({ weight, score }) => weight * score))), likeness };
}

/** The most alike first; those below `least` resemble it no more than any two incidents do. */
export function mostSimilar<R extends Pick<RememberedIncident, 'traits' | 'closedMs'>>(
  now: Traits,
  remembered: readonly R[],
  limits: { least: number; most: number },
  weightOf: TermWeight = termWeights(remembered),
): (Compared & { record: R })[] {
  return remembered
    .map((record) => ({ record, ...compare(now, record.traits, weightOf) }))
    .filter(({ similarity }) => similarity >= limits.least)
    .sort((a, b) => b.similarity - a.similarity || b.record.closedMs - a.record.closedMs)
    .slice(0, limits.most);
}

/** What everything that is remembered has, counted once and asked for each comparison with it. */
export type Known = { weightOf: TermWeight; has(aspect: 'services' | 'signals', term: string): boolean };

export function knownTerms(remembered: readonly Pick<RememberedIncident, 'traits'>[]): Known {
  const seen = {
    services: new Set(remembered.flatMap(({ traits }) => traits.services)),
    signals: new Set(remembered.flatMap(({ traits }) => traits.signals)),
  };
  return { weightOf: termWeights(remembered), has: (aspect, term) => seen[aspect].has(term) };
}

function split(now: readonly string[], then: readonly string[]) {
  const [nows, thens] = [new Set(now), new Set(then)];
  return {
    alike: [...nows].filter((term) => thens.has(term)),
    onlyNow: [...nows].filter((term) => !thens.has(term)),
    onlyThen: [...thens].filter((term) => !nows.has(term)),
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const clamped = (value: number) => Math.min(1, Math.max(0, value));
