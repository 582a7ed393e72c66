import type { EnvironmentName, Flag, FlagEvent } from '../flags/flag.ts';
import { environments, projectName } from '../flags/flag.ts';
import type { FlagBook } from '../flags/flag-book.ts';
import { BadData, notAllowed } from './errors.ts';

const dayMs = 86_400_000;

/** Events the latest first, and how many match in all: `limit` and `offset` choose among them. */
export function searchEvents(events: readonly FlagEvent[], query: URLSearchParams) {
  const filters = ['feature', 'project', 'type', 'createdBy'].map((name) =>
    filterIn(query, name, ['IS', 'IS_ANY_OF']),
  );
  const [feature, project, type, createdBy] = filters;
  const [fromMs, toMs] = [dayIn(query, 'from'), dayIn(query, 'to')];
  const text = query.get('query')?.toLowerCase() ?? '';
  const matching = events.toReversed().filter(
    (event) =>
      (feature?.(event.featureName) ?? true) &&
      (project?.(event.project) ?? true) &&
      (type?.(event.type) ?? true) &&
      (createdBy?.(String(event.createdByUserId)) ?? true) &&
      (fromMs === null || event.atMs >= fromMs) &&
      // The last day is one of those asked for.
      (toMs === null || event.atMs < toMs + dayMs) &&
      (text === '' || JSON.stringify([event.data, event.preData]).toLowerCase().includes(text)),
  );
  return { found: page(matching, query, 1_000), total: matching.length };
}

/** The flags that match, in the order asked for, and how many there are in all. */
export function searchFlags(flags: FlagBook, query: URLSearchParams) {
  const operators = ['IS', 'IS_NOT', 'IS_ANY_OF', 'IS_NONE_OF'];
  const [project, type, state, createdBy] = ['project', 'type', 'state', 'createdBy'].map((name) =>
    filterIn(query, name, operators),
  );
  const createdAt = createdAtIn(query);
  const statuses = statusesIn(query);
  // A search for a state answers with no more than the environments that are in it.
  const shows = (flag: Flag, environment: EnvironmentName) =>
    statuses.length === 0 || statuses.some((status) => status(flag, environment));
  const archived = query.get('archived') === 'IS:true';
  const includesNothing = ['tag', 'segment'].some((name) => /^INCLUDE/.test(query.get(name) ?? ''));
  const words = (query.get('query') ?? '')
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
  const matching = flags.list().filter(
    (flag) =>
      flag.archived === archived &&
      // Nothing in a drill has a tag or a segment.
      !includesNothing &&
      (project?.(projectName) ?? true) &&
      (type?.(flag.type) ?? true) &&
      (state?.(flag.stale ? 'stale' : 'active') ?? true) &&
      (createdBy?.(String(flags.userId(flag.createdBy))) ?? true) &&
      createdAt(flag.createdMs) &&
      environments.some(({ name }) => shows(flag, name)) &&
      (words.length === 0 || words.some((word) => mentions(flag, word))),
  );
  const sortOrder = query.get('sortOrder');
  if (sortOrder !== null && sortOrder !== 'asc' && sortOrder !== 'desc') throw badOrder(sortOrder);
  const ordered = matching.toSorted(orderOf(query.get('sortBy') ?? '', sortOrder));
  return { found: page(ordered, query, 100), total: matching.length, shows };
}

const mentions = (flag: Flag, word: string) =>
  flag.name.toLowerCase().includes(word) || (flag.description ?? '').toLowerCase().includes(word);

/** What is no usable number counts as not given. */
function page<Item>(items: readonly Item[], query: URLSearchParams, most: number): Item[] {
  const [limit, offset] = [Number(query.get('limit') ?? ''), Number(query.get('offset') ?? '')];
  const start = offset > 0 ? Math.floor(offset) : 0;
  return items.slice(start, start + (limit > 0 && limit <= most ? Math.ceil(limit) : 50));
}

function filterIn(
  query: URLSearchParams,
  name: string,
  operators: readonly string[],
): ((value: string) => boolean) | null {
  const given = query.get(name);
  if (given === null) return null;
  const [, operator = '', listed = ''] = /^([A-Z_]+):(.*)$/.exec(given) ?? [];
  if (!operators.includes(operator)) {
    throw mismatch(name, `^(${operators.join('|')}):(.*?)(,([a-zA-Z0-9_]+))*$`, given);
  }
  if (listed === '') return null;
  const values = listed.split(',').map((value) => value.trim());
  const negated = operator === 'IS_NOT' || operator === 'IS_NONE_OF';
  return (value) => values.includes(value) !== negated;
}

function dayIn(query: URLSearchParams, name: string): number | null {
  const given = query.get(name);
  if (given === null) return null;
  const [, day] = /^IS:(\d{4}-\d{2}-\d{2})$/.exec(given) ?? [];
  if (day === undefined) throw mismatch(name, '^(IS):\\d{4}-\\d{2}-\\d{2}$', given);
  return dateOf(name, day);
}

function createdAtIn(query: URLSearchParams): (atMs: number) => boolean {
  const given = query.get('createdAt');
  if (given === null) return () => true;
  const [, operator, day] = /^(IS_BEFORE|IS_ON_OR_AFTER):(\d{4}-\d{2}-\d{2})$/.exec(given) ?? [];
  if (day === undefined) {
    throw mismatch('createdAt', '^(IS_BEFORE|IS_ON_OR_AFTER):\\d{4}-\\d{2}-\\d{2}$', given);
  }
  const dayStartMs = dateOf('createdAt', day);
  return operator === 'IS_BEFORE' ? (atMs) => atMs < dayStartMs : (atMs) => atMs >= dayStartMs;
}

function dateOf(name: string, day: string): number {
  const dateMs = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(dateMs)) throw wrong(name, `must be a date. You sent ${JSON.stringify(day)}.`);
  return dateMs;
}

function statusesIn(query: URLSearchParams): ((flag: Flag, environment: EnvironmentName) => boolean)[] {
  const alone = query.getAll('status');
  const given = [...alone, ...query.getAll('status[]')];
  if (given.length === 1 && alone.length === 1) {
    throw wrong('status', `must be array. You sent ${JSON.stringify(alone[0])}.`);
  }
  return given.flatMap((status) => {
    const [name = '', state = '', ...more] = status.split(':');
    if (more.length > 0 || (state !== 'enabled' && state !== 'disabled')) return [];
    return [
      (flag, environment) =>
        environment === name && flag.environments[environment].enabled === (state === 'enabled'),
    ];
  });
}

function orderOf(by: string, order: string | null): (one: Flag, other: Flag) => number {
  const sign = order === 'desc' ? -1 : 1;
  const environment = environments.find(({ name }) => by === `environment:${name}`);
  const key = (flag: Flag): string | number => {
    if (environment) return Number(flag.environments[environment.name].enabled);
    if (by === 'name') return flag.name;
    if (by === 'type') return flag.type;
    if (by === 'stale') return Number(flag.stale);
    return by === 'project' || by === 'lastSeenAt' ? 0 : flag.createdMs;
  };
  return (one, other) =>
    sign * compare(key(one), key(other)) ||
    compare(one.createdMs, other.createdMs) ||
    compare(one.name, other.name);
}

const compare = (one: string | number, other: string | number) => (one < other ? -1 : Number(one > other));

const mismatch = (name: string, pattern: string, given: string) =>
  wrong(name, `must match pattern "${pattern}". You sent ${JSON.stringify(given)}.`);

const wrong = (name: string, what: string) =>
  new BadData([{ message: `The \`/query/${name}\` property ${what}`, path: `/query/${name}` }]);

const badOrder = (given: string) =>
  new BadData([{ message: notAllowed('sortOrder', ['asc', 'desc'], given), path: 'sortOrder' }]);
