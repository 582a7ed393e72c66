import { percentile } from '../ledger/measurement.ts';
import { type Judged, type Places, type Ranker, rankers } from './judged.ts';

/** Shares of cases with a true one among the first so many, and the mean of one over its place. */
export type Hits = {
  cases: number;
  at1: number;
  at3: number;
  at4: number;
  at5: number;
  meanReciprocal: number;
};

export type RankingScore = {
  ranker: Ranker;
  changes: Hits;
  services: Hits;
  /** Share of cases with several causes that has all of them in the first four; null without such cases. */
};

/** Ranking of changes is judged where one of them did it, ranking of services everywhere. */
export const rankingScores = (judged: readonly Judged[]): RankingScore[] =>
  rankers.map((ranker) => ({
    ranker,
    changes: hitsOf(judged.filter(({ isNovel }) => !isNovel).map(({ places }) => places[ranker].change)),
    services: hitsOf(judged.map(({ places }) => places[ranker].service)),
  }));

/** Share of cases that have every one of their causes among the first four. */
export function allAtFour(judged: readonly Judged[]): number {
  const last = judged.filter(({ isNovel }) => !isNovel).map(({ places }) => places.Countersign.lastChange);
  return shareOf(last, (place) => place !== null && place <= 4);
}

function hitsOf(places: readonly (Places['change'] | null)[]): Hits {
  const within = (most: number) => shareOf(places, (place) => place !== null && place <= most);
  return {
    cases: places.length,
    at1: within(1),
    at3: within(3),
    at4: within(4),
    at5: within(5),
    meanReciprocal: meanOf(places.map((place) => (place === null ? 0 : 1 / place))),
  };
}

export type NoveltyScore = {
  withCause: number;
  without: number;
  /** Chance that a case without a cause among its changes is told more novel than one with; null when either lacks. */
  auroc: number | null;
  precision: number | null;
  recall: number | null;
};

/** At which novelty the list says "none of these". */
const SAID_FROM = 0.5;

export function noveltyScore(judged: readonly Judged[]): NoveltyScore {
  const without = judged.filter(({ isNovel }) => isNovel).map(({ novelty }) => novelty);
  const withCause = judged.filter(({ isNovel }) => !isNovel).map(({ novelty }) => novelty);
  const said = judged.filter(({ novelty }) => novelty >= SAID_FROM);
  const rightly = said.filter(({ isNovel }) => isNovel).length;
  return {
    withCause: withCause.length,
    without: without.length,
    auroc: without.length === 0 || withCause.length === 0 ? null : aurocOf(without, withCause),
    precision: said.length === 0 ? null : rightly / said.length,
    recall: without.length === 0 ? null : rightly / without.length,
  };
}

/** Mann and Whitney's U over its most: a pair that ties counts half. */
function aurocOf(higher: readonly number[], lower: readonly number[]): number {
  const wins = higher.flatMap((high) => lower.map((low) => (high > low ? 1 : high === low ? 0.5 : 0)));
  return meanOf(wins);
}

export type Reliability = { from: number; to: number; cases: number; said: number; held: number };
export type Calibration = {
  bins: Reliability[];
  /** Mean gap between said and held, by cases; and the largest of a bin with enough cases to tell. */
  expectedError: number;
  largestGap: number | null;
};

const BINS = 10;
/** Of fewer cases the share is known to no better than fifteen points. */
const ENOUGH = 12;

/** The score of the first change against how often it was a true one. */
export function calibrationOf(judged: readonly Judged[]): Calibration {
  const bins = Array.from({ length: BINS }, (_, bin): Reliability => {
    const inside = judged.filter(({ topScore }) => Math.min(BINS - 1, Math.floor(topScore * BINS)) === bin);
    return {
      from: bin / BINS,
      to: (bin + 1) / BINS,
      cases: inside.length,
      said: meanOf(inside.map(({ topScore }) => topScore)),
      held: shareOf(inside, ({ topIsTrue }) => topIsTrue),
    };
  }).filter(({ cases }) => cases > 0);
  const gaps = bins.filter(({ cases }) => cases >= ENOUGH).map(({ said, held }) => Math.abs(said - held));
  return {
    bins,
    expectedError: bins.reduce(
      (sum, { cases, said, held }) => sum + (cases / judged.length) * Math.abs(said - held),
      0,
    ),
    largestGap: gaps.length === 0 ? null : Math.max(...gaps),
  };
}

export type OnsetScore = { found: number; medianErrorMinutes: number; within5Minutes: number };

export function onsetScore(judged: readonly Judged[]): OnsetScore {
  const errors = judged.flatMap(({ onsetErrorMinutes }) =>
    onsetErrorMinutes === null ? [] : [Math.abs(onsetErrorMinutes)],
  );
  return {
    found: errors.length / judged.length,
    medianErrorMinutes: percentile(errors, 0.5),
    within5Minutes: errors.filter((minutes) => minutes <= 5).length / judged.length,
  };
}

export const timeScore = (judged: readonly Judged[]): { medianMs: number; worstMs: number } => ({
  medianMs: percentile(
    judged.map(({ ms }) => ms),
    0.5,
  ),
  worstMs: Math.max(...judged.map(({ ms }) => ms)),
});

/** Standard error of a share of so many cases. */
export const standardError = (share: number, cases: number): number =>
  Math.sqrt((share * (1 - share)) / cases);

const shareOf = <T>(all: readonly T[], holds: (one: T) => boolean): number =>
  all.length === 0 ? Number.NaN : all.filter(holds).length / all.length;

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
