import { type ChangeSign, changeSigns } from '../../../electron/correlation/change-signs.ts';
import type { FittedWeights } from '../../../electron/correlation/fitted-weights.ts';
import { type ServiceSign, serviceSigns } from '../../../electron/correlation/service-signs.ts';

/** The signs of one labelled case, as the engine reads them, and what was the cause. */
export type FitCase = {
  services: { signs: Partial<Record<ServiceSign, number>>; isCause: boolean }[];
  changes: { service: number; signs: Partial<Record<ChangeSign, number>>; isCause: boolean }[];
};

const S = serviceSigns.length;
const C = changeSigns.length;
/** Places of the weights in one vector: of a changed service, of the change, of no change, and by how much a service that
 * fails by itself is weighed differently. */
const CHANGE = S;
const BIAS = S + C;
const DIFFERENCE = S + C + 1;
const SIZE = DIFFERENCE + S;

type Sparse = { places: Int32Array; values: Float64Array };
type Alternative = { terms: Sparse; isTrue: boolean };

export type FitOptions = {
  rounds: number;
  /** Ridge on every weight; how much of it on those of changes, many of which are seldom seen; and how much more on the
   * differences: a service fails much alike with and without a change. */
  ridge: number;
  rareRidge: number;
  differenceRidge: number;
};

/**
 * Weights by maximum likelihood with a ridge: a conditional logit (McFadden 1974) over the alternatives of each case, which
 * are its changes and, for every service, that no change did it. Plain gradient ascent with Adam's steps (Kingma & Ba 2015).
 */
export function fitWeights(cases: readonly FitCase[], options: FitOptions): FittedWeights {
  const all = cases.map(alternativesOf);
  const weights = new Float64Array(SIZE);
  const mean = new Float64Array(SIZE);
  const square = new Float64Array(SIZE);
  const step = 0.05;
  for (let round = 1; round <= options.rounds; round += 1) {
    const gradient = new Float64Array(SIZE);
    for (const alternatives of all) addGradient(alternatives, weights, gradient);
    const pace = step * (round < 0.6 * options.rounds ? 1 : 0.25);
    for (let at = 0; at < SIZE; at += 1) {
      const slope = (gradient[at] ?? 0) / all.length - ridgeOf(at, options) * (weights[at] ?? 0);
      mean[at] = 0.9 * (mean[at] ?? 0) + 0.1 * slope;
      square[at] = 0.99 * (square[at] ?? 0) + 0.01 * slope * slope;
      const size = Math.sqrt((square[at] ?? 0) / (1 - 0.99 ** round)) + 1e-8;
      weights[at] = (weights[at] ?? 0) + (pace * (mean[at] ?? 0)) / (1 - 0.9 ** round) / size;
    }
  }
  return named(weights);
}

function ridgeOf(place: number, { ridge, rareRidge, differenceRidge }: FitOptions): number {
  if (place === BIAS) return 0;
  if (place >= DIFFERENCE) return ridge * differenceRidge;
  return place >= CHANGE ? ridge * rareRidge : ridge;
}

function alternativesOf({ services, changes }: FitCase): Alternative[] {
  const isNovel = !changes.some(({ isCause }) => isCause);
  const evenService = -Math.log(services.length);
  const evenChange = -Math.log(changes.length);
  return [
    ...changes.map(({ service, signs, isCause }) => ({
      terms: sparse([
        ...serviceTerms(services[service]?.signs ?? {}, 0),
        ...changeTerms(signs),
        [CONSTANT, evenChange],
      ]),
      isTrue: isCause,
    })),
    ...services.map(({ signs, isCause }) => ({
      terms: sparse([
        ...serviceTerms(signs, 0),
        ...serviceTerms(signs, DIFFERENCE),
        [BIAS, 1],
        [CONSTANT, evenService],
      ]),
      isTrue: isNovel && isCause,
    })),
  ];
}

/** A term whose weight is always 1. */
const CONSTANT = -1;

type Term = readonly [place: number, value: number];

const serviceTerms = (signs: FitCase['services'][number]['signs'], from: number): Term[] =>
  serviceSigns.map((sign, at) => [from + at, signs[sign] ?? 0]);

const changeTerms = (signs: FitCase['changes'][number]['signs']): Term[] =>
  changeSigns.map((sign, at) => [CHANGE + at, signs[sign] ?? 0]);

function sparse(terms: readonly Term[]): Sparse {
  const kept = terms.filter(([, value]) => value !== 0);
  return {
    places: Int32Array.from(kept, ([place]) => place),
    values: Float64Array.from(kept, ([, value]) => value),
  };
}

function logOddsOf({ places, values }: Sparse, weights: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < places.length; at += 1) {
    const place = places[at] ?? 0;
    sum += (place === CONSTANT ? 1 : (weights[place] ?? 0)) * (values[at] ?? 0);
  }
  return sum;
}

/** Of the log-likelihood: what the true alternatives have in excess of what the model expects. */
function addGradient(
  alternatives: readonly Alternative[],
  weights: Float64Array,
  gradient: Float64Array,
): void {
  const logOdds = alternatives.map(({ terms }) => logOddsOf(terms, weights));
  const most = logOdds.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const odds = logOdds.map((one) => Math.exp(one - most));
  const total = odds.reduce((sum, one) => sum + one, 0);
  const ofTrue = odds.reduce((sum, one, at) => sum + (alternatives[at]?.isTrue ? one : 0), 0);
  for (const [at, { terms, isTrue }] of alternatives.entries()) {
    const one = odds[at] ?? 0;
    const pull = (isTrue && ofTrue > 0 ? one / ofTrue : 0) - one / total;
    if (Math.abs(pull) < 1e-7) continue;
    for (let term = 0; term < terms.places.length; term += 1) {
      const place = terms.places[term] ?? 0;
      if (place !== CONSTANT) gradient[place] = (gradient[place] ?? 0) + pull * (terms.values[term] ?? 0);
    }
  }
}

function named(weights: Float64Array): FittedWeights {
  const at = (place: number): number => Math.round((weights[place] ?? 0) * 1000) / 1000;
  const ofSigns = <Name extends string>(signs: readonly Name[], of: (index: number) => number) =>
    Object.fromEntries(signs.map((sign, index) => [sign, of(index)])) as Record<Name, number>;
  return {
    changed: ofSigns(serviceSigns, (index) => at(index)),
    byItself: ofSigns(serviceSigns, (index) => at(index) + at(DIFFERENCE + index)),
    change: ofSigns(changeSigns, (index) => at(CHANGE + index)),
    noChange: at(BIAS),
  };
}
