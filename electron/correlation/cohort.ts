import type { CaseChange, CaseMetric } from '../../shared/formats/case.ts';
import type { Factor } from './candidate.ts';
import { weights } from './weights.ts';

/** The latest points compared, at most this long: before, the cohort may not have existed. */
const LATEST_MS = 5 * 60_000;
/** A cohort this many times as bad as the rest stands out; below the other it is no worse. */
const STANDS_OUT = 1.5;
const NO_WORSE = 1.15;
/** Shares of errors below this do not tell cohorts apart. */
const NEGLIGIBLE_ERRORS = 0.005;

/**
 * Whether only what the change touched is bad: the new version's (or the flag variant's) latency and errors beside those
 * of the rest of the same service, over the same minutes. The strongest evidence there is, in both directions.
 */
export function cohortFactor(change: CaseChange, metrics: readonly CaseMetric[]): Factor {
  const unknown: Factor = {
    name: 'cohort',
    value: weights.noCohort,
    sentence: 'There is no cohort to compare it with',
  };
  const [label, own] = cohortOf(change);
  if (own === undefined) return unknown;
  const cohorts = metrics.filter(
    ({ service, labels, kind }) =>
      service === change.service &&
      labels?.[label] !== undefined &&
      (kind === 'latency' || kind === 'error_rate'),
  );
  const ratios = [...Map.groupBy(cohorts, ({ name }) => name).values()].flatMap((series) => {
    const mine = series.find(({ labels }) => labels?.[label] === own);
    const rest = series
      .filter((one) => one !== mine)
      .map(latest)
      .filter((value) => value !== null);
    const now = mine ? latest(mine) : null;
    if (!mine || now === null || rest.length === 0) return [];
    return [ratioOf(mine, now, Math.max(...rest))];
  });
  if (ratios.length === 0) return unknown;
  const ratio = Math.max(...ratios);
  const times = `${Math.min(99, Math.round(ratio * 10) / 10)} times`;
  if (ratio >= STANDS_OUT)
    return {
      name: 'cohort',
      value: 1,
      sentence: `Only ${label} ${own} is bad: ${times} the rest of ${change.service}`,
    };
  if (ratio <= NO_WORSE)
    return {
      name: 'cohort',
      value: weights.clearedByCohort,
      sentence: `${label} ${own} is no worse than the rest of ${change.service}`,
    };
  return unknown;
}

const cohortOf = ({ labels }: CaseChange): [string, string | undefined] =>
  labels?.['version'] !== undefined ? ['version', labels['version']] : ['flag', labels?.['flag']];

function ratioOf({ kind }: CaseMetric, mine: number, rest: number): number {
  if (kind !== 'error_rate') return mine / Math.max(rest, Number.MIN_VALUE);
  return Math.max(mine, NEGLIGIBLE_ERRORS) / Math.max(rest, NEGLIGIBLE_ERRORS);
}

/** The mean of the last minutes; null when there was no sample in them. */
function latest({ values, stepSeconds }: CaseMetric): number | null {
  const last = values
    .slice(-Math.max(1, Math.round(LATEST_MS / 1000 / stepSeconds)))
    .filter((value) => value !== null);
  return last.length === 0 ? null : last.reduce((sum, value) => sum + value, 0) / last.length;
}
