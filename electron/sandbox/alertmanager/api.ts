import { ownMember } from '../../platform/own-member.ts';
import type { Answer, Request } from '../http/loopback.ts';
import { PatternError, re2Pattern } from '../http/re2-pattern.ts';
import type { RuleEngine } from '../prometheus/rules.ts';
import { fingerprintOf, type HeldAlert, sentByPrometheus } from './alert-book.ts';
import { alertsIn, BadBody, silenceIn } from './bodies.ts';
import { BadMatcher, filterTest, type Matcher, parseMatcher } from './matcher.ts';
import { type Silence, SilenceError, silenceBook, stateOf } from './silences.ts';

/** Where alerts go, and by which labels they are put together. */
export type Route = { receiver: string; groupBy: readonly string[] };

type Handler = (request: Request, atMs: number, name: string) => Answer;

/**
 * The v2 API of Alertmanager 0.25 (https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/openapi.yaml) over the
 * alerts that fire in the world, and those that clients post. Silences silence for the list of alerts; nobody is paged.
 * `advance` brings the world to now and returns it.
 */
export function alertmanagerApi(options: {
  rules: Pick<RuleEngine, 'alerts' | 'lastEvaluationMs'>;
  seed: number;
  startedMs: number;
  advance: () => number;
  route?: Route;
}): (request: Request) => Answer {
  const {
    rules,
    seed,
    startedMs,
    advance,
    route = { receiver: 'on-call', groupBy: ['alertname'] },
  } = options;
  const silences = silenceBook(seed);
  const posted = new Map<string, HeldAlert>();

  const routes: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
    status: { GET: () => json(200, statusOf(route, startedMs)) },
    receivers: { GET: () => json(200, [{ name: route.receiver }]) },
    alerts: {
      GET: (request, atMs) => json(200, selected(request.query, atMs)),
      POST: (request, atMs) => receive(request, atMs),
    },
    'alerts/groups': { GET: (request, atMs) => json(200, grouped(selected(request.query, atMs), route)) },
    silences: {
      GET: (request, atMs) => json(200, listed(request.query, atMs)),
      POST: (request, atMs) => create(request, atMs),
    },
    'silence/{id}': {
      GET: (_request, atMs, id) => {
        const silence = silences.get(id, atMs);
        return silence ? json(200, toSilence(silence, atMs)) : empty(404);
      },
      DELETE: (_request, atMs, id) => {
        silences.expire(id, atMs);
        return empty(200);
      },
    },
  };

  return (request) => {
    if (!request.path.startsWith('/api/v2/')) return text(404, '404 page not found\n');
    const path = request.path.slice('/api/v2/'.length);
    const [, id] = /^silence\/([^/]+)$/.exec(path) ?? [];
    const handlers = ownMember(routes, id === undefined ? path : 'silence/{id}');
    if (!handlers) return fault(404, 404, `path ${request.path} was not found`);
    const handler = ownMember(handlers, request.method);
    if (!handler) {
      const allowed = Object.keys(handlers).sort().join(',');
      const message = `method ${request.method} is not allowed, but [${allowed}] are`;
      return fault(405, 405, message, { allow: allowed });
    }
    if (!acceptsJson(request.accept)) {
      return fault(406, 406, 'unsupported media type requested, only [application/json] are available');
    }
    if (
      request.method === 'POST' &&
      request.body !== '' &&
      !/^application\/json\b/.test(request.contentType)
    ) {
      const type = request.contentType || 'application/octet-stream';
      return fault(
        415,
        415,
        `unsupported media type ${JSON.stringify(type)}, only [application/json] are allowed`,
      );
    }
    if (id !== undefined && !/^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(id)) {
      return fault(422, 601, `silenceID in path must be of type uuid: ${JSON.stringify(id)}`);
    }
    return answered(() => handler(request, advance(), id ?? ''), request.method);
  };

  function held(atMs: number): HeldAlert[] {
    const evaluatedMs = rules.lastEvaluationMs();
    const firing = rules
      .alerts()
      .flatMap(({ state, firedAtMs, rule, labels, annotations }) =>
        state === 'firing' && firedAtMs !== null
          ? [sentByPrometheus({ labels, annotations, firedAtMs, expr: rule.expr }, evaluatedMs)]
          : [],
      );
    // Of an alert that a client posts and a rule raises, the rule knows better.
    const all = new Map([...posted.values(), ...firing].map((alert) => [fingerprintOf(alert.labels), alert]));
    return [...all.values()].filter(({ endsMs }) => endsMs >= atMs);
  }

  function selected(query: URLSearchParams, atMs: number) {
    const passes = filterTest(query.getAll('filter').map(parseMatcher));
    const shows = (name: string) => flag(query.getAll(name).at(-1) ?? '');
    const [active, silenced] = [shows('active'), shows('silenced')];
    if (!forReceiver(query.get('receiver'), route.receiver)) return [];
    return held(atMs)
      .filter(({ labels }) => passes(labels))
      .map((alert) => ({ alert, silencedBy: silences.silencing(alert.labels, atMs) }))
      .filter(({ silencedBy }) => (silencedBy.length > 0 ? silenced : active))
      .map(({ alert, silencedBy }) => toAlert(alert, silencedBy, route.receiver))
      .sort((one, other) => (one.fingerprint < other.fingerprint ? -1 : 1));
  }

  function receive(request: Request, atMs: number): Answer {
    const alerts = alertsIn(request.body, atMs);
    for (const [key, { endsMs }] of posted) if (endsMs < atMs) posted.delete(key);
    const nameless = alerts.filter(({ labels }) => Object.keys(labels).length === 0).length;
    for (const alert of alerts) {
      if (Object.keys(alert.labels).length > 0) posted.set(fingerprintOf(alert.labels), alert);
    }
    if (nameless === 0) return empty(200);
    return json(400, Array.from({ length: nameless }, () => 'at least one label pair required').join('; '));
  }

  function listed(query: URLSearchParams, atMs: number) {
    const wanted = query.getAll('filter').map(parseMatcher);
    for (const matcher of wanted) filterTest([matcher]);
    return silences
      .list(atMs)
      .filter(({ matchers }) => wanted.every((one) => matchers.some((other) => same(one, other))))
      .map((silence) => toSilence(silence, atMs));
  }

  function create(request: Request, atMs: number): Answer {
    const draft = silenceIn(request.body);
    const refused = (why: string) => json(400, `Failed to create silence: ${why}`);
    if (draft.startsMs >= draft.endsMs) return refused('start time must be before end time');
    if (draft.endsMs < atMs) return refused("end time can't be in the past");
    return json(200, { silenceID: silences.put(draft, atMs).id });
  }
}

/** Alertmanager itself knows no tokens; the proxies in front of it answer like this. */
export const refusals = {
  unauthorized: text(401, 'Unauthorized\n', { 'www-authenticate': 'Bearer' }),
  tooLarge: text(413, 'Request Entity Too Large\n'),
  failed: json(500, 'internal error'),
};

function answered(handle: () => Answer, method: string): Answer {
  try {
    return handle();
  } catch (error) {
    if (error instanceof BadBody) return fault(error.status, error.code, error.message);
    if (error instanceof BadMatcher || error instanceof PatternError) return json(400, error.message);
    if (!(error instanceof SilenceError)) throw error;
    if (error.kind === 'invalid') return json(400, error.message);
    return json(method === 'DELETE' ? 500 : 404, error.message);
  }
}

/** As go-openapi reads a flag; these all stand at true unless told otherwise. */
const flag = (text: string): boolean =>
  text === '' ||
  ['true', '1', 'yes', 'ok', 'y', 'on', 'selected', 'checked', 't', 'enabled'].includes(text.toLowerCase());

function forReceiver(pattern: string | null, receiver: string): boolean {
  if (pattern === null || pattern === '') return true;
  try {
    return re2Pattern(pattern, { whole: true }).test(receiver);
  } catch (error) {
    if (error instanceof PatternError)
      throw new BadMatcher(`failed to parse receiver param: ${error.message}`);
    throw error;
  }
}

const acceptsJson = (accept: string): boolean =>
  accept === '' || /(?:^|[,\s])(?:application\/(?:json|\*)|\*\/\*)/i.test(accept);

const same = (one: Matcher, other: Matcher): boolean =>
  one.name === other.name &&
  one.value === other.value &&
  one.isRegex === other.isRegex &&
  one.isEqual === other.isEqual;

const instant = (atMs: number) => new Date(atMs).toISOString();

const toAlert = (alert: HeldAlert, silencedBy: readonly string[], receiver: string) => ({
  annotations: alert.annotations,
  endsAt: instant(alert.endsMs),
  fingerprint: fingerprintOf(alert.labels),
  receivers: [{ name: receiver }],
  startsAt: instant(alert.startsMs),
  status: { inhibitedBy: [], silencedBy, state: silencedBy.length > 0 ? 'suppressed' : 'active' },
  updatedAt: instant(alert.updatedMs),
  ...(alert.generatorUrl === '' ? {} : { generatorURL: alert.generatorUrl }),
  labels: alert.labels,
});

function grouped(alerts: readonly ReturnType<typeof toAlert>[], { receiver, groupBy }: Route) {
  const groups = new Map<string, { labels: Record<string, string>; alerts: (typeof alerts)[number][] }>();
  for (const alert of alerts) {
    const pairs = groupBy.flatMap((name): [string, string][] => {
      const value = alert.labels[name];
      return value === undefined ? [] : [[name, value]];
    });
    const key = JSON.stringify(pairs);
    const group = groups.get(key) ?? { labels: Object.fromEntries(pairs), alerts: [] };
    groups.set(key, group);
    group.alerts.push(alert);
  }
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, group]) => ({ alerts: group.alerts, labels: group.labels, receiver: { name: receiver } }));
}

const toSilence = (silence: Silence, atMs: number) => ({
  id: silence.id,
  status: { state: stateOf(silence, atMs) },
  updatedAt: instant(silence.updatedMs),
  comment: silence.comment,
  createdBy: silence.createdBy,
  endsAt: instant(silence.endsMs),
  matchers: silence.matchers.map(({ isEqual, isRegex, name, value }) => ({ isEqual, isRegex, name, value })),
  startsAt: instant(silence.startsMs),
});

function statusOf({ receiver, groupBy }: Route, startedMs: number) {
  const by = groupBy.length === 0 ? '' : `  group_by:\n${groupBy.map((name) => `  - ${name}\n`).join('')}`;
  return {
    cluster: { peers: [], status: 'disabled' },
    config: {
      original: `global:\n  resolve_timeout: 5m\nroute:\n  receiver: ${receiver}\n${by}  continue: false\nreceivers:\n- name: ${receiver}\ntemplates: []\n`,
    },
    uptime: instant(startedMs),
    versionInfo: {
      branch: 'HEAD',
      buildDate: '20260101-00:00:00',
      buildUser: 'countersign',
      goVersion: 'none',
      revision: 'countersign-sandbox',
      version: '0.25.0',
    },
  };
}

const fault = (
  status: number,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ code, message }),
});

const empty = (status: number): Answer => ({ status, headers: {}, body: '' });

function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` };
}

function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}
