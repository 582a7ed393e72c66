import type { CaseFile } from '../../shared/formats/case.ts';
import type { Finding } from './anomalies.ts';
import type { CallGraph } from './call-graph.ts';
import type { CaseSeries } from './case-series.ts';
import type { Part } from './cohort.ts';
import type { Excess, Stretch } from './excess.ts';
import { type Grid, placeOf, timeOf } from './grid.ts';
import { isWhole, type MeasuredServices } from './measured-service.ts';
import { incidentOnset } from './onset.ts';
import { type OnsetProfile, onsetProfile, quantilePlace } from './onset-profile.ts';
import type { Series } from './series.ts';
import { weights } from './weights.ts';

export type OnsetRange = { fromMs: number; toMs: number };
type Began = { ms: number; range: OnsetRange };

/** What the metrics of a case show. Of the changes it knows no more than which services they were made to. */
export type Reading = {
  findings: readonly Finding[];
  incidentMs: number;
  /** Within which that lies with nine in ten; null where no service is out of order enough to tell. */
  onsetRange: OnsetRange | null;
  grid: Grid;
  graph: CallGraph;
  measured: MeasuredServices;
  excesses: ReadonlyMap<string, readonly Excess[]>;
  parts: ReadonlyMap<string, readonly Part[]>;
  /** Where on the grid the search for onsets starts. */
  searchFrom: number;
};

/** The services that changes are told of. */
export const changedIn = ({ changes }: CaseFile): Set<string> =>
  new Set(changes.map(({ service }) => service));

/** Those to look at whatever they show: who was changed, and who nobody calls, where demand comes in. */
function telling(input: CaseFile): Set<string> {
  const called = new Set((input.calls ?? []).map(({ to }) => to));
  const entries = (input.calls ?? []).flatMap(({ from }) => (called.has(from) ? [] : from));
  return changedIn(input).union(new Set(entries));
}

/** Null when nothing credible is wrong. */
export function readingOf(input: CaseFile, series: CaseSeries): Reading | null {
  const { grid, graph, measured } = series;
  const guess = firstGuess(series, telling(input));
  if (guess === null) return null;
  const { guessMs, suspects, credible } = guess;
  const width = widthOf(grid);
  // In coarse steps, so that what is normal is not learnt anew with every minute that the estimate moves.
  const upTo = (place: number): number => inSteps(place, grid.length, weights.own.stretchSteps);
  const early = upTo(Math.min(grid.length / 2, Math.max(placeOf(grid, guessMs) - 1, grid.length / 5)));
  const first = { referenceUntil: early, searchFrom: early, width };
  const worst = suspects.slice(0, weights.mostToDate);
  const roughMs = beganIn(excessesOf(worst, series, first), first, grid)?.ms ?? guessMs;
  const place = Math.round(placeOf(grid, roughMs));
  const back = Math.round(weights.own.lookBackMs / grid.stepMs);
  const stretch: Stretch = {
    referenceUntil: Math.max(early, upTo(Math.min(place - weights.own.gap, grid.length - width))),
    searchFrom: Math.max(0, place - back),
    width,
  };
  const excesses = excessesOf(suspects, series, stretch);
  const began = beganIn(excesses, stretch, grid);
  const incidentMs = began?.ms ?? roughMs;
  const after = findingsBefore(series, suspects, incidentMs);
  // Where bursts are usual, a reference that counts them in may leave nothing credible: then what was seen without it.
  const findings = after.length > 0 ? after : credible;
  const compared = new Set([...suspects, ...newborn(series.all, incidentMs)]);
  return {
    findings,
    incidentMs,
    onsetRange: began?.range ?? null,
    grid,
    graph,
    measured,
    excesses,
    parts: new Map([...compared].map((id) => [id, series.parts(id, incidentMs)])),
    searchFrom: stretch.searchFrom,
  };
}

function excessesOf(
  suspects: readonly string[],
  series: CaseSeries,
  stretch: Stretch,
): Map<string, readonly Excess[]> {
  return new Map(
    suspects.flatMap((id) => {
      const found = series.excesses(id, stretch);
      return found ? [[id, found] as const] : [];
    }),
  );
}

/** What came into being too late to have a normal: of a service that is otherwise in order, it may be the only news. */
const newborn = (all: readonly Series[], incidentMs: number): string[] =>
  all.flatMap(({ firstMs, metric: { service } }) =>
    firstMs >= incidentMs - weights.lookBackMs ? service : [],
  );

/** Down to a multiple of a small part of the whole: while data go on coming, what is normal changes only now and then. */
function inSteps(ms: number, spanMs: number, steps: number = weights.referenceSteps): number {
  const step = 2 ** Math.floor(Math.log2(Math.max(1, spanMs / steps)));
  return Math.floor(ms / step) * step;
}

/**
 * What is normal is first taken from a fixed part of the data; from less of it when that shows nothing. Suspect is who
 * shows anything at all: of the others nothing can be in excess.
 */
function firstGuess(
  series: CaseSeries,
  changed: ReadonlySet<string>,
): { guessMs: number; suspects: string[]; credible: Finding[] } | null {
  const { fromMs, toMs } = series;
  for (const share of weights.firstReference) {
    const referenceUntilMs = fromMs + inSteps(share * (toMs - fromMs), toMs - fromMs);
    const searchFromMs = fromMs + (share / 2) * (toMs - fromMs);
    const span = { referenceUntilMs, searchFromMs, isClean: false };
    const found = series.findings(series.all, span, weights.suspectAt);
    const credible = found.filter(({ deviation }) => deviation.strength >= weights.credibleAt);
    const guessMs = incidentOnset(credible);
    if (guessMs !== null) return { guessMs, suspects: suspectsOf(found, changed), credible };
  }
  return null;
}

/**
 * Those with the severest findings first, and no more than can be the cause: looking closely takes time. Who was changed, or
 * is called from outside, is looked at however many are worse off: where everything fails, what began it does not fail worst.
 */
function suspectsOf(found: readonly Finding[], changed: ReadonlySet<string>): string[] {
  const worst = new Map<string, number>();
  for (const { series, severity } of found) {
    const { service } = series.metric;
    worst.set(service, Math.max(worst.get(service) ?? 0, severity));
  }
  return [...worst]
    .sort(([, a], [, b]) => b - a)
    .filter(([service], place) => place < weights.mostSuspects || changed.has(service))
    .map(([service]) => service);
}

function findingsBefore(
  series: CaseSeries,
  suspects: readonly string[],
  incidentMs: number,
): readonly Finding[] {
  const { lookBackMs, credibleAt } = weights;
  const span = { referenceUntilMs: incidentMs, searchFromMs: incidentMs - lookBackMs, isClean: true };
  // In the order of all series, whichever of them is suspected more.
  const suspected = suspects.toSorted(compare).flatMap(series.ofService);
  return series.findings(suspected, span, credibleAt);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The incident is dated by the service that is most out of order by itself, if any clearly is. */
function beganIn(
  excesses: ReadonlyMap<string, readonly Excess[]>,
  { searchFrom }: Stretch,
  grid: Grid,
): Began | null {
  let most: number = weights.own.urgentAt;
  let worst: readonly Excess[] = [];
  for (const found of excesses.values()) {
    const here = Math.max(0, ...found.map(urgency));
    if (here > most) {
      most = here;
      worst = found;
    }
  }
  const profile = profileOf(worst, searchFrom, grid);
  if (!profile) return null;
  const at = (share: number) => timeOf(grid, quantilePlace(profile, share));
  return { ms: at(0.5), range: { fromMs: at(0.05), toMs: at(0.95) } };
}

/** Memory grows and traffic swells without anyone suffering; what has passed is no incident. */
function urgency({ channel, strength, size, lasting }: Excess): number {
  const { weight, half } = weights.own.urgency[channel];
  const sure = Math.log1p(Math.max(0, strength - weights.signs.chance));
  return sure * (0.15 + 0.85 * lasting) * weight * (size / (size + half));
}

/** When a service's own trouble began: from all that it clearly shows. */
export function profileOf(found: readonly Excess[], searchFrom: number, grid: Grid): OnsetProfile | null {
  const most = Math.max(...found.map(urgency));
  const clear = found.filter((one) => one.strength >= weights.own.clearAt && urgency(one) >= 0.4 * most);
  return onsetProfile(
    clear.map(({ residual }) => residual),
    searchFrom,
    grid.stepMs,
  );
}

function widthOf({ stepMs }: Grid): number {
  const { sustainedMs, mostWidth } = weights.own;
  const width = Math.round(sustainedMs / stepMs);
  return Math.min(mostWidth, Math.max(weights.series.leastWidth, width));
}

/** A service is judged as a whole where it is measured as one; its versions and pods speak only by comparison. */
export function findingsOfWholes(all: readonly Series[], findings: readonly Finding[]): Finding[] {
  const keyOf = ({ metric: { service, kind } }: Series) => JSON.stringify([service, kind]);
  const whole = new Set(all.filter(isWhole).map(keyOf));
  return findings.filter(({ series }) => isWhole(series) || !whole.has(keyOf(series)));
}
