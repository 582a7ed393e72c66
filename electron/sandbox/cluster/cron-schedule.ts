const minuteMs = 60_000;

/** Lowest and highest value of minute, hour, day of the month, month and day of the week. */
const bounds = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/**
 * The last time in (after, until] at which a schedule of five fields (`*`, numbers, ranges, lists and steps, in UTC) is
 * due, or null. What cannot be read is never due.
 */
export function lastDue(schedule: string, afterMs: number, untilMs: number): number | null {
  const isDue = dueAt(schedule);
  for (let atMs = wholeMinute(untilMs); isDue && atMs > afterMs; atMs -= minuteMs)
    if (isDue(new Date(atMs))) return atMs;
  return null;
}

/** The first such time; where there is none up to `until`, when to look again. */
export function nextDue(schedule: string, afterMs: number, untilMs: number): number | null {
  const isDue = dueAt(schedule);
  if (!isDue) return null;
  let atMs = wholeMinute(afterMs) + minuteMs;
  while (atMs < untilMs && !isDue(new Date(atMs))) atMs += minuteMs;
  return atMs;
}

const wholeMinute = (atMs: number) => Math.floor(atMs / minuteMs) * minuteMs;

/** Null for what cannot be read. */
function dueAt(schedule: string): ((at: Date) => boolean) | null {
  const { fields, values } = read(schedule);
  const [minute, hour, day, month, weekday] = values;
  if (fields.length !== 5 || !minute || !hour || !day || !month || !weekday) return null;
  // As crontab(5) has it: of the two kinds of day one suffices, unless one is left open.
  const either = fields[2] !== '*' && fields[4] !== '*';
  return (at) => {
    if (!minute.has(at.getUTCMinutes()) || !hour.has(at.getUTCHours())) return false;
    if (!month.has(at.getUTCMonth() + 1)) return false;
    const [inMonth, inWeek] = [day.has(at.getUTCDate()), weekday.has(at.getUTCDay())];
    return either ? inMonth || inWeek : inMonth && inWeek;
  };
}

type Schedule = { fields: string[]; values: (Set<number> | null)[] };

/** Those that were read lately: every database is asked each minute, and most have the same one. */
const lately = new Map<string, Schedule>();

function read(schedule: string): Schedule {
  const known = lately.get(schedule);
  if (known) return known;
  const fields = schedule.trim().split(/\s+/);
  const values = bounds.map(([low, high], index) => valuesOf(fields[index] ?? '', low, high));
  if (lately.size > 100) lately.clear();
  lately.set(schedule, { fields, values });
  return { fields, values };
}

function valuesOf(field: string, low: number, high: number): Set<number> | null {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', step] = /^(\*|\d+|\d+-\d+)(?:\/(\d+))?$/.exec(part) ?? [];
    if (range === '' || step === '0') return null;
    const [from, to] = range === '*' ? [low, high] : range.split('-').map(Number);
    const last = to ?? (step === undefined ? from : high);
    if (from === undefined || last === undefined || from < low || last > high) return null;
    // Sunday is 0 and 7.
    for (let value = from; value <= last; value += Number(step ?? 1))
      values.add(high === 7 ? value % 7 : value);
  }
  return values;
}
