import type { Pod } from '../cluster/objects.ts';
import type { Answer } from '../http/loopback.ts';
import { hash32 } from '../random.ts';
import { badRequest } from './status.ts';

export type LogLine = { atMs: number; text: string };

/** What a container has written between two times, the first excluded, oldest first. */
export type PodLog = (pod: Pod, container: string, afterMs: number, untilMs: number) => LogLine[];

/** How far back a node keeps what containers write. */
const keptMs = 15 * 60_000;
const everyMs = 5_000;
const paths = ['/healthz', '/v1/items', '/v1/items/42', '/v1/batch', '/metrics'];

/** Access lines of a service, a few a minute, that depend on the pod and the time alone. */
export const accessLog: PodLog = (pod, _container, afterMs, untilMs) => {
  const startedMs = Date.parse(pod.status.startTime);
  const lines: LogLine[] = [];
  const first = Math.floor(Math.max(afterMs, startedMs, untilMs - keptMs) / everyMs) + 1;
  for (let slot = first; slot * everyMs <= untilMs; slot++) {
    const chance = hash32(`${pod.metadata.uid}/${slot}`);
    const path = paths[chance % paths.length];
    const atMs = slot * everyMs;
    const text = `level=info msg="request served" method=GET path=${path} status=200 duration_ms=${3 + (chance % 37)}`;
    lines.push({ atMs, text });
  }
  return lines;
};

/** `GET …/pods/<name>/log`: what one container has written, and with `follow` what it goes on to write. */
export function podLogAnswer(options: {
  pod: Pod;
  query: URLSearchParams;
  log: PodLog;
  nowMs: number;
  now: () => number;
  follow: (step: () => void, end: () => void) => () => void;
}): Answer {
  const { pod, query, log, nowMs, now, follow } = options;
  const container = containerOf(pod, query.get('container') ?? '');
  const life = lifeOf(pod, container, query.get('previous') === 'true');
  const stamped = query.get('timestamps') === 'true';
  const textOf = (lines: readonly LogLine[]) =>
    lines
      .map(
        ({ atMs, text }) =>
          `${stamped ? `${new Date(atMs).toISOString().replace('Z', '000000Z')} ` : ''}${text}\n`,
      )
      .join('');
  const afterMs = Math.max(sinceMs(query, nowMs), life.fromMs);
  const written = log(pod, container, afterMs, nowMs).filter(
    ({ atMs }) => atMs >= life.fromMs && atMs <= life.untilMs,
  );
  const tail = wholeOf(query, 'tailLines');
  const text = textOf(tail === null ? written : tail === 0 ? [] : written.slice(-tail));
  const limit = wholeOf(query, 'limitBytes');
  const body = limit === null ? text : Buffer.from(text).subarray(0, limit).toString('utf8');
  const headers = { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' };
  if (query.get('follow') !== 'true') return { status: 200, headers, body };
  return {
    status: 200,
    headers,
    start(send, end) {
      if (body !== '') send(body);
      let toldMs = nowMs;
      return follow(() => {
        const more = textOf(log(pod, container, toldMs, now()));
        toldMs = now();
        if (more !== '') send(more);
      }, end);
    },
  };
}

function containerOf({ metadata, spec }: Pod, asked: string): string {
  const names = spec.containers.map(({ name }) => name);
  if (asked === '' && names.length > 1) {
    throw badRequest(
      `a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(' ')}]`,
    );
  }
  const name = asked === '' ? names[0] : asked;
  if (name === undefined || !names.includes(name))
    throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`);
  return name;
}

/**
 * The life of a container that a log is asked of, as the kubelet picks it: the one that runs or has just ended, else the
 * one before, which is what there is to see of a container that waits to be started again.
 */
function lifeOf(
  { metadata, status }: Pod,
  container: string,
  previous: boolean,
): { fromMs: number; untilMs: number } {
  const { state = {}, lastState = {} } =
    status.containerStatuses.find(({ name }) => name === container) ?? {};
  const before = lastState['terminated'];
  if (previous && !before) {
    throw badRequest(
      `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(metadata.name)} not found`,
    );
  }
  const { running } = state;
  if (running && !previous) {
    // The first life has all that the pod has written.
    const fromMs = before ? Date.parse(String(running['startedAt'])) : 0;
    return { fromMs, untilMs: Number.POSITIVE_INFINITY };
  }
  const ended = previous ? before : (state['terminated'] ?? before);
  if (ended) {
    const [fromMs, untilMs] = [ended['startedAt'], ended['finishedAt']].map((at) => Date.parse(String(at)));
    return { fromMs: fromMs ?? 0, untilMs: untilMs ?? 0 };
  }
  const reason = state['waiting']?.['reason'];
  const why = reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
  throw badRequest(
    `container ${JSON.stringify(container)} in pod ${JSON.stringify(metadata.name)} is waiting to start: ${why}`,
  );
}

function sinceMs(query: URLSearchParams, nowMs: number): number {
  const seconds = wholeOf(query, 'sinceSeconds');
  if (seconds !== null) return nowMs - seconds * 1_000;
  const time = Date.parse(query.get('sinceTime') ?? '');
  return Number.isNaN(time) ? 0 : time;
}

function wholeOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name) ?? '';
  if (text === '') return null;
  if (!/^\d+$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}
