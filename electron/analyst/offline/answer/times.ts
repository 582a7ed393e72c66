/** The time that a question is about, as people write it. Clock times are those of the person who asks. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** What "at 09:10" reaches to either side. */
const AROUND_MS = 5 * MINUTE_MS;

/** `onset` is when the trouble began, which the ranking knows. */
export type Moment = number | 'onset';
export type Span = { from: Moment | null; to: Moment | null };
export type Asker = { atMs: number; utcOffsetMinutes: number };

const CLOCK = String.raw`(?:\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?|\d{1,2}:\d\d(?::\d\d)?\s*(?:am|pm)?(?:\s*utc\b|z\b)?|\d{1,2}\s*(?:am|pm)\b|noon|midnight)`;
const BEGINNING = String.raw`(?:the\s+)?(?:onset|beginning|start|trouble|incident|it\s+(?:began|started|broke)|(?:this|the\s+trouble|the\s+incident)\s+(?:began|started))`;
const between = new RegExp(
  String.raw`\b(?:between|from)\s+(${CLOCK})\s+(?:and|to|until|till)\s+(${CLOCK})`,
  'iu',
);
const since = new RegExp(String.raw`\b(?:since|after|from)\s+(${CLOCK})`, 'iu');
const before = new RegExp(String.raw`\b(?:before|until|till|up to)\s+(${CLOCK})`, 'iu');
const around = new RegExp(String.raw`\b(?:at|around|about|near)\s+(${CLOCK})`, 'iu');
const sinceOnset = new RegExp(String.raw`\b(?:since|after)\s+${BEGINNING}`, 'iu');
const beforeOnset = new RegExp(String.raw`\b(?:before|until|leading up to)\s+${BEGINNING}`, 'iu');
const last =
  /\b(?:last|past|previous)\s+(?:(\d{1,4}|a|an|few|couple of)\s*)?(seconds?|s|minutes?|mins?|min|m|hours?|hrs?|h|days?|d)\b/iu;
const ago = /\b(?:since\s+)?(\d{1,4}|an?)\s*(minutes?|mins?|min|m|hours?|hrs?|h|days?|d)\s+ago\b/iu;

/** Null for a question about all of the incident. */
export function spanIn(question: string, asker: Asker): Span | null {
  const two = between.exec(question);
  if (two) {
    const from = moment(two[1], asker);
    const to = from === null ? null : moment(two[2], { ...asker, atMs: from + DAY_MS - 1 });
    if (from !== null && to !== null) return to >= from ? { from, to } : { from: to, to: from };
  }
  const one = (pattern: RegExp) => moment(pattern.exec(question)?.[1], asker);
  const [after, until, near] = [one(since), one(before), one(around)];
  if (after !== null) return { from: after, to: null };
  if (until !== null) return { from: null, to: until };
  if (near !== null) return { from: near - AROUND_MS, to: near + AROUND_MS };
  if (sinceOnset.test(question)) return { from: 'onset', to: null };
  if (beforeOnset.test(question)) return { from: null, to: 'onset' };
  const length = last.exec(question) ?? ago.exec(question);
  if (length) return { from: asker.atMs - countOf(length[1]) * unitOf(length[2]), to: null };
  const midnight = dayBegin(asker.atMs, asker);
  if (/\btoday\b/iu.test(question)) return { from: midnight, to: null };
  if (/\byesterday\b/iu.test(question)) return { from: midnight - DAY_MS, to: midnight };
  return null;
}

/** A time of day is the latest one that has been; a date says itself. Null for what is no time. */
function moment(text: string | undefined, asker: Asker): number | null {
  if (text === undefined) return null;
  const atMs = read(text.trim().toLowerCase(), asker);
  return Number.isFinite(atMs) ? atMs : null;
}

function read(said: string, asker: Asker): number {
  if (/^\d{4}-/u.test(said)) {
    const hasZone = /z$|[+-]\d\d:\d\d$/u.test(said);
    return hasZone
      ? Date.parse(said.toUpperCase())
      : Date.parse(`${said.toUpperCase()}Z`) - asker.utcOffsetMinutes * MINUTE_MS;
  }
  const [, hour = '0', minute = '0', second = '0'] = /^(\d{1,2})(?::(\d\d))?(?::(\d\d))?/u.exec(said) ?? [];
  const isAfternoon = /pm/u.test(said);
  const hours =
    said === 'noon' ? 12 : /[ap]m/u.test(said) ? (Number(hour) % 12) + (isAfternoon ? 12 : 0) : Number(hour);
  const offset = /utc|z$/u.test(said) ? 0 : asker.utcOffsetMinutes;
  const ofDay = hours * HOUR_MS + Number(minute) * MINUTE_MS + Number(second) * 1_000;
  const today = dayBegin(asker.atMs, { ...asker, utcOffsetMinutes: offset }) + ofDay;
  return today > asker.atMs ? today - DAY_MS : today;
}

function dayBegin(atMs: number, { utcOffsetMinutes }: Asker): number {
  const offsetMs = utcOffsetMinutes * MINUTE_MS;
  return Math.floor((atMs + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
}

function countOf(text: string | undefined): number {
  if (text === 'few') return 5;
  if (text === 'couple of') return 2;
  const count = Number(text);
  return Number.isFinite(count) && text !== undefined ? count : 1;
}

function unitOf(text = ''): number {
  const unit = text.toLowerCase();
  if (unit.startsWith('s')) return 1_000;
  if (unit.startsWith('m')) return MINUTE_MS;
  return unit.startsWith('h') ? HOUR_MS : DAY_MS;
}
