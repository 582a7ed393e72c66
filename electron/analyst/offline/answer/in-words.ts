import type { AnswerLine } from '../../../../shared/vocabulary/analyst.ts';
import type { ReadEvent } from './readings.ts';
import type { Asker, Moment, Span } from './times.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** An answer is read in one look; what is left out is said. */
const MOST_EVENTS = 15;
const MOST_FIELDS = 3;

/** How an answer words what was read. */
export type Words = ReturnType<typeof wordsFor>;

/** Times are told by the clock of the person who asks. */
export function wordsFor(asker: Asker, onsetMs: number | null) {
  const zone = zoneOf(asker.utcOffsetMinutes);

  /** With the date where it is not today's. */
  function time(atMs: number): string {
    const local = new Date(atMs + asker.utcOffsetMinutes * MINUTE_MS).toISOString();
    const today = new Date(asker.atMs + asker.utcOffsetMinutes * MINUTE_MS).toISOString();
    const clock = local.slice(11, 19);
    return local.slice(0, 10) === today.slice(0, 10) ? clock : `${local.slice(0, 10)} ${clock}`;
  }

  const at = (moment: Moment): string => (moment === 'onset' ? 'the onset' : time(moment));

  function during(span: Span | null): string {
    if (!span || (span.from === null && span.to === null)) return ' in this incident';
    const { from, to } = span;
    const told = (words: string) => ` ${words} (${zone})`;
    if (from !== null && to !== null) return told(`between ${at(from)} and ${at(to)}`);
    if (from !== null) return told(`since ${at(from)}`);
    return to === null ? '' : told(`before ${at(to)}`);
  }

  const eventLine = (event: ReadEvent, read: string, note = ''): AnswerLine => ({
    sentence:
      `${time(Date.parse(event.at))} ${event.sort}${event.service === null ? '' : ` on ${event.service}`}: ${event.title}${diffIn(event)}${note}`.slice(
        0,
        1_000,
      ),
    events: [event.key],
    reads: [read],
  });

  /** In the order they happened; of many the latest. */
  function eventLines(
    events: readonly ReadEvent[],
    read: string,
    noteOf: (event: ReadEvent) => string = () => '',
  ): AnswerLine[] {
    const shown = [...events].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(-MOST_EVENTS);
    const left = events.length - shown.length;
    return [
      ...(left > 0 ? [line(`${left} earlier ones are left out here.`, read)] : []),
      ...shown.map((event) => eventLine(event, read, noteOf(event))),
    ];
  }

  return {
    zone,
    time,
    during,
    eventLines,
    /** The instant a moment stands for; null where it is not known. */
    instant: (moment: Moment | null): number | null => (moment === 'onset' ? onsetMs : moment),
  };
}

export const line = (sentence: string, ...reads: string[]): AnswerLine => ({
  sentence: sentence.slice(0, 1_000),
  events: [],
  reads,
});

export const counted = (count: number, one: string, many = `${one}s`) =>
  count === 0 ? `No ${one}` : `${count} ${count === 1 ? one : many}`;
export const onService = (service: string | null) => (service === null ? '' : ` on ${service}`);
export const percent = (share: number) => `${Math.round(share * 100)} %`;
export const listed = (names: readonly string[], most = 8): string =>
  names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

function diffIn({ diff }: ReadEvent): string {
  if (!diff || diff.length === 0) return '';
  const fields = diff
    .slice(0, MOST_FIELDS)
    .map(({ path, before, after }) => `${path}: ${brief(before)} → ${brief(after)}`);
  const left = diff.length - fields.length;
  return ` (${fields.join('; ')}${left > 0 ? `; ${left} more` : ''})`;
}

const brief = (text: string | null) =>
  text === null ? 'nothing' : text.length > 80 ? `${text.slice(0, 80)}…` : text;

function zoneOf(utcOffsetMinutes: number): string {
  if (utcOffsetMinutes === 0) return 'UTC';
  const minutes = Math.abs(utcOffsetMinutes) % (DAY_MS / MINUTE_MS);
  const two = (value: number) => String(value).padStart(2, '0');
  return `UTC${utcOffsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
