/** Numbers and times in words, with their units. */

const integer = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 1204 becomes `1 204`, with a narrow space that does not break. */
export const countOf = (value: number): string => integer.format(value).replaceAll(',', '\u202f');

/** `1 change`, `4 changes`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${countOf(count)} ${count === 1 ? one : many}`;

/** Milliseconds as the two largest units: `45 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`. Negative counts as none. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return twoUnits(minutes, 'min', seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return twoUnits(hours, 'h', minutes % 60, 'min');
  return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

const twoUnits = (large: number, largeUnit: string, small: number, smallUnit: string) =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;

/** `3 min before onset`, `at onset`, `40 s after onset`. */
export function relativeTo(atMs: number, originMs: number, origin: string): string {
  const distance = atMs - originMs;
  if (Math.abs(distance) < 1000) return `at ${origin}`;
  return `${duration(Math.abs(distance))} ${distance < 0 ? 'before' : 'after'} ${origin}`;
}

/** Three significant digits and the unit; a ratio is told in percent. */
export function measured(value: number | null, unit: string): string {
  if (value === null || !Number.isFinite(value)) return 'no sample';
  if (unit === 'ratio') return `${significant(value * 100)} %`;
  if (unit === 's' && Math.abs(value) < 1) return `${significant(value * 1000)} ms`;
  return unit === '' ? significant(value) : `${significant(value)} ${unit}`;
}

export function significant(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 1000) return countOf(value);
  return String(Number(value.toPrecision(3)));
}

export { confidenceWord } from '../../shared/formats/confidence.ts';

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const shortClock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short', hourCycle: 'h23' });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short',
  hourCycle: 'h23',
});
const dayAndSeconds = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

/** Local time of day. */
export const timeOfDay = (atMs: number): string => clock.format(atMs);
/** Local times of day from one to another: to the second only where minutes would say too little. */
export const fromTo = (fromMs: number, toMs: number): string => {
  const { format } = toMs - fromMs < 600_000 ? clock : shortClock;
  return `${format(fromMs)}–${format(toMs)}`;
};
/** Local day and time. */
export const dayAndTime = (atMs: number): string => dayAndClock.format(atMs);
/** Local day and time to the second, where the order of what happened is read from it. */
export const instant = (atMs: number): string => dayAndSeconds.format(atMs);
/** ISO 8601 in UTC, to the second. */
export const utc = (atMs: number): string => new Date(atMs).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** `search-index` stays; `roll-back-deployment` becomes `Roll back deployment`. */
export const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
