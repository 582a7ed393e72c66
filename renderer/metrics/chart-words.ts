import type { Chart, ChartPoints, Earlier, NormalBand, Sampled } from '../../shared/vocabulary/chart.ts';
import { inertLine } from '../ui/inert-text.ts';
import { duration, measured, timeOfDay } from '../ui/words.ts';
import { samplesOf } from './chart-line.ts';
import type { ChartMark } from './chart-marks.ts';
import { cohortOf, type ShownSignal } from './signals-shown.ts';

export const EARLIER_WORDS: Record<Earlier, string> = {
  yesterday: 'the same hours yesterday',
  'last-week': 'the same hours a week ago',
};

/** `0.2–0.4 %`, both ends with their unit where that differs; `up to 0.4 %` where the lower one is as good as nothing. */
export function rangeWords(low: number, high: number, unit: string): string {
  if (low >= 0 && low < high * AS_GOOD_AS_NOTHING) return `up to ${measured(high, unit)}`;
  const [first, last] = [measured(low, unit), measured(high, unit)];
  if (first === last) return last;
  const unitOf = (words: string) => words.split(' ').slice(1).join(' ');
  return unitOf(first) === unitOf(last) ? `${first.split(' ')[0]}–${last}` : `${first}–${last}`;
}

const AS_GOOD_AS_NOTHING = 0.02;

export const normalWords = (normal: NormalBand | null, unit: string): string | null =>
  normal && `normal: ${rangeWords(normal.low, normal.high, unit)}`;

/** How old the newest sample is. */
export const ageWords = (latest: Sampled, nowMs: number): string => `${duration(nowMs - latest.atMs)} ago`;

/** Whether the newest sample is so old that there should be another one by now. */
export const isOld = (latest: Sampled, stepMs: number, nowMs: number): boolean =>
  nowMs - latest.atMs > 3 * stepMs + 30_000;

/** What a chart shows, for whoever cannot see it. */
export function chartSentence(signal: ShownSignal, chart: Chart | undefined): string {
  const { service, name, unit, latest, anomaly } = signal;
  const cohort = cohortOf(signal);
  const parts = [latest ? `last ${measured(latest.value, unit)} at ${timeOfDay(latest.atMs)}` : 'no sample'];
  const normal = normalWords(chart?.normal ?? null, unit);
  if (normal) parts.push(normal);
  if (anomaly) parts.push(`${anomaly.direction === 'up' ? 'rose' : 'fell'} at ${timeOfDay(anomaly.onsetMs)}`);
  if (chart?.points) parts.push(...shapeWords(chart.points, unit));
  return `${name} of ${service}${cohort === '' ? '' : ` (${cohort})`}: ${parts.join(', ')}`;
}

function shapeWords(points: ChartPoints, unit: string): string[] {
  const samples = samplesOf(points);
  const [first] = samples;
  if (!first) return ['no sample in this window'];
  const most = samples.reduce((a, b) => (b.value > a.value ? b : a), first);
  const least = samples.reduce((a, b) => (b.value < a.value ? b : a), first);
  const missing = points.values.filter((value) => value === null).length;
  return [
    `highest ${measured(most.value, unit)} at ${timeOfDay(most.atMs)}`,
    `lowest ${measured(least.value, unit)} at ${timeOfDay(least.atMs)}`,
    ...(missing === 0 ? [] : ['with gaps']),
  ];
}

/** `10:31:07 Deploy of payments: payments 1.41`. */
export function markWords({ atMs, what, service, title }: ChartMark): string {
  const kind = what.tone === 'action' ? 'action' : what.kind;
  return inertLine(`${timeOfDay(atMs)} ${kind}${service === null ? '' : ` of ${service}`}: ${title}`);
}
