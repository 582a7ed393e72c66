import type { Judged } from './judge.ts';

/** Many drills together. Shares are null where there was nothing to judge. */
export type Summary = {
  drills: number;
  withCause: number;
  foundFirst: number | null;
  foundInThree: number | null;
  withoutCause: number;
  admitted: number | null;
  helpful: number;
  harmful: number;
  neither: number;
  denied: number;
  restored: number | null;
  classHolds: number | null;
  /** Mean distance between stated confidence and how often it was right, over tenths, weighted by how many fell there. */
  calibrationError: number | null;
  /** Mean square of confidence less truth. */
  brier: number | null;
  notOnRecord: number;
  dropped: number;
  refusals: number;
  turns: number;
  tokens: number;
  medianMs: number;
};

export function summaryOf(judged: readonly Judged[]): Summary {
  const places = judged.flatMap(({ place }) => (place === null ? [] : [place]));
  const admitted = judged.flatMap((one) => (one.admitted === null ? [] : [one.admitted]));
  const firsts = judged.flatMap(({ first }) => first ?? []);
  const offered = judged.flatMap((one) => one.offered);
  const backOuts = judged.flatMap(({ backOut }) => backOut ?? []);
  const total = (value: (one: Judged) => number) => judged.reduce((sum, one) => sum + value(one), 0);
  const ofKind = (is: string) => offered.filter((one) => one.is === is).length;
  return {
    drills: judged.length,
    withCause: places.length,
    foundFirst: share(places, (place) => place === 1),
    foundInThree: share(places, (place) => place >= 1 && place <= 3),
    withoutCause: admitted.length,
    admitted: share(admitted, (is) => is),
    helpful: ofKind('helps'),
    harmful: ofKind('harms'),
    neither: ofKind('neither'),
    denied: total(({ denied }) => denied),
    restored: share(backOuts, ({ restored }) => restored),
    classHolds: share(backOuts, ({ classHolds }) => classHolds),
    calibrationError: calibrationError(firsts),
    brier:
      firsts.length === 0
        ? null
        : firsts.reduce((sum, { confidence, isRight }) => sum + (confidence - Number(isRight)) ** 2, 0) /
          firsts.length,
    notOnRecord: total((one) => one.notOnRecord),
    dropped: total((one) => one.dropped),
    refusals: total((one) => one.refusals),
    turns: total((one) => one.turns),
    tokens: total((one) => one.tokens),
    medianMs: median(judged.map(({ tookMs }) => tookMs)),
  };
}

const share = <T>(all: readonly T[], fits: (one: T) => boolean): number | null =>
  all.length === 0 ? null : all.filter(fits).length / all.length;

type First = NonNullable<Judged['first']>;
const BINS = 10;

export function calibrationError(firsts: readonly First[]): number | null {
  if (firsts.length === 0) return null;
  const bins = Map.groupBy(firsts, ({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)));
  let error = 0;
  for (const bin of bins.values()) {
    const stated = bin.reduce((sum, { confidence }) => sum + confidence, 0) / bin.length;
    const right = bin.filter(({ isRight }) => isRight).length / bin.length;
    error += (bin.length / firsts.length) * Math.abs(stated - right);
  }
  return error;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
