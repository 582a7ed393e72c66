import type { Judged } from './judged.ts';
import {
  allAtFour,
  type Calibration,
  calibrationOf,
  type Hits,
  type NoveltyScore,
  noveltyScore,
  type OnsetScore,
  onsetScore,
  type RankingScore,
  rankingScores,
  standardError,
  timeScore,
} from './scores.ts';

/** What is told of one set of cases: as a whole, by group (a tier, a scenario) and by kind of cause. */
export type SetReport = {
  title: string;
  cases: number;
  all: Scores;
  byGroup: Record<string, Scores>;
  byKind: Record<string, Scores>;
  calibration: Calibration;
};

type Scores = {
  cases: number;
  rankings: RankingScore[];
  allCausesAt4: number;
  novelty: NoveltyScore;
  onset: OnsetScore;
  time: { medianMs: number; worstMs: number };
};

/** `pairOf` names the group whose cases a group's novelty is judged against, besides its own: T1's are those of N1. */
export function reportOf(
  title: string,
  judged: readonly Judged[],
  pairOf: (group: string) => string = (group) => group,
): SetReport {
  const by = (keyOf: (one: Judged) => string): Record<string, Scores> =>
    Object.fromEntries(
      [...Map.groupBy(judged, keyOf)].map(([key, ones]) => [
        key,
        scoresOf(
          ones,
          judged.filter(({ group }) => group === key || group === pairOf(key)),
        ),
      ]),
    );
  return {
    title,
    cases: judged.length,
    all: scoresOf(judged, judged),
    byGroup: by(({ group }) => group),
    byKind: by(({ kind }) => kind),
    calibration: calibrationOf(judged),
  };
}

const scoresOf = (judged: readonly Judged[], forNovelty: readonly Judged[]): Scores => ({
  cases: judged.length,
  rankings: rankingScores(judged),
  allCausesAt4: allAtFour(judged),
  novelty: noveltyScore(forNovelty),
  onset: onsetScore(judged),
  time: timeScore(judged),
});

/** The report as it is read on a terminal. */
export function linesOf(report: SetReport): string[] {
  const { title, cases, all, byGroup, byKind, calibration } = report;
  const groups = Object.entries(byGroup);
  return [
    `\n${title}: ${cases} cases`,
    '\n  true change among the first',
    HEAD,
    ...hitLines(all, 'changes'),
    ...standardErrorLine(all),
    '\n  causing service among the first',
    HEAD,
    ...hitLines(all, 'services'),
    '\n  by group, Countersign                    cases    @1    @4   MRR  svc@1 svc@3  onset  novel  AUROC   ms',
    ...groups.map(([group, scores]) => groupLine(group, scores)),
    '\n  by kind of cause, Countersign            cases    @1    @4   MRR  svc@1 svc@3  onset  novel  AUROC   ms',
    ...Object.entries(byKind)
      .sort(([, a], [, b]) => b.cases - a.cases)
      .map(([kind, scores]) => groupLine(kind, scores)),
    ...baselineLines(groups),
    ...noveltyLines(all),
    ...calibrationLines(calibration),
    `\n  onset: found in ${percent(all.onset.found)}, half within ${all.onset.medianErrorMinutes.toFixed(1)} min, ` +
      `${percent(all.onset.within5Minutes)} within 5 min`,
    `  time per case: half within ${all.time.medianMs.toFixed(0)} ms, at most ${all.time.worstMs.toFixed(0)} ms`,
  ];
}

const HEAD = `  ${''.padEnd(36)} cases    @1    @3    @4    @5   MRR`;

function hitLines({ rankings }: Scores, of: 'changes' | 'services'): string[] {
  return rankings
    .filter((one) => one[of].cases > 0)
    .map((one) => `  ${one.ranker.padEnd(36)} ${hitColumns(one[of])}`);
}

const hitColumns = ({ cases, at1, at3, at4, at5, meanReciprocal }: Hits): string =>
  [String(cases).padStart(5), ...[at1, at3, at4, at5, meanReciprocal].map(column)].join(' ');

function standardErrorLine({ rankings, allCausesAt4 }: Scores): string[] {
  const own = rankings[0]?.changes;
  if (!own || own.cases === 0) return [];
  const error = standardError(own.at4, own.cases);
  return [
    `  standard error of @4: ${error.toFixed(3)}; all causes among the first four: ${shown(allCausesAt4)}`,
  ];
}

function groupLine(name: string, { cases, rankings, novelty, onset, time }: Scores): string {
  const own = rankings[0];
  return [
    `  ${name.padEnd(38)}`,
    String(cases).padStart(7),
    column(own?.changes.at1),
    column(own?.changes.at4),
    column(own?.changes.meanReciprocal),
    ` ${column(own?.services.at1)}`,
    column(own?.services.at3),
    `${onset.medianErrorMinutes.toFixed(1)}m`.padStart(6),
    ` ${column(novelty.recall)}`,
    ` ${column(novelty.auroc)}`,
    time.medianMs.toFixed(0).padStart(4),
  ].join(' ');
}

/** Every ranker's changes@4, group by group. */
function baselineLines(groups: readonly [string, Scores][]): string[] {
  const told = groups.filter(([, { rankings }]) => (rankings[0]?.changes.cases ?? 0) > 0).slice(0, 16);
  if (told.length < 2) return [];
  const names = told[0]?.[1].rankings.map(({ ranker }) => ranker) ?? [];
  return [
    '\n  true change among the first four, by group',
    ...names.map((name, place) => {
      const shares = told.map(([, { rankings }]) => column(rankings[place]?.changes.at4));
      return `  ${name.padEnd(36)} ${shares.join(' ')}`;
    }),
    `  ${''.padEnd(36)} ${told.map(([group]) => group.slice(0, 5).padStart(5)).join(' ')}`,
  ];
}

function noveltyLines({ novelty: { withCause, without, auroc, precision, recall } }: Scores): string[] {
  if (without === 0 || withCause === 0)
    return ['\n  novelty: not judged, since there are no cases both with and without a guilty change'];
  return [
    `\n  novelty, ${without} cases without a guilty change against ${withCause} with: AUROC ${shown(auroc)}; ` +
      `said from 0.5 on: precision ${shown(precision)}, recall ${shown(recall)}`,
  ];
}

function calibrationLines({ bins, expectedError, largestGap }: Calibration): string[] {
  return [
    '\n  calibration of the first change       said   held      ±  cases',
    ...bins.map(
      ({ from, to, cases, said, held }) =>
        `  ${`${percent(from)} to ${percent(to)}`.padEnd(34)} ${column(said)}  ${column(held)}  ${column(standardError(held, cases))} ${String(cases).padStart(6)}`,
    ),
    `  expected error ${expectedError.toFixed(3)}, largest gap of a bin with a dozen cases ${shown(largestGap)}`,
  ];
}

const isNumber = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && !Number.isNaN(value);
const shown = (value: number | null | undefined): string => (isNumber(value) ? value.toFixed(2) : 'none');
const column = (value: number | null | undefined): string =>
  (isNumber(value) ? value.toFixed(2) : '-').padStart(5);
const percent = (share: number): string => `${Math.round(share * 100)} %`;
