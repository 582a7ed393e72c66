import { keyOf, type Labels, withLabels } from '../prometheus/labels.ts';
import { throughStages } from './pipeline.ts';
import type { LogEntry, LogSource, LogStream } from './pod-logs.ts';
import { LogQueryError, unsupported } from './query-error.ts';
import type { LogQuery, MetricQuery, StreamMatcher } from './syntax.ts';

export type Span = { fromNs: bigint; toNs: bigint };
export type Direction = 'forward' | 'backward';
export type FoundStream = { labels: Labels; entries: LogEntry[] };
/** What reading cost, for the statistics of the answer. */
export type Cost = { lines: number; bytes: number };
type Budget = Cost & { endsAt: number };

const nsPerMs = 1_000_000n;
const msOf = (ns: bigint): number => Number(ns / nsPerMs);

/** A pattern can make reading slow; the world stands still meanwhile, so it ends as a query does that times out. */
const patienceMs = 5_000;
const timedOut =
  'request timed out, decrease the duration of the request or add more label matchers (prefer exact match over regex match) to reduce the amount of data processed';

/** A query that would read more than this is too large, as it is for a real Loki with limits. */
const maxLines = 600_000;

/** The lines that a query finds from `fromNs` on and before `toNs`, at most `limit`, the latest or the first ones. */
export function findLines(
  source: LogSource,
  query: LogQuery,
  span: Span,
  limit: number,
  direction: Direction,
): { streams: FoundStream[]; cost: Cost } {
  const cost = { lines: 0, bytes: 0, endsAt: performance.now() + patienceMs };
  const { from, to } = source.windows(msOf(span.fromNs), msOf(span.toNs) + 1);
  const selected = source.streams(from, to).filter(({ labels }) => matches(query.matchers, labels));
  const found = new Map<string, FoundStream>();
  let left = limit;
  const count = Math.max(0, to - from + 1);
  for (let step = 0; step < count && left > 0; step++) {
    const window = direction === 'forward' ? from + step : to - step;
    const lines = passing(source, selected, query, window, span, cost);
    if (direction === 'backward') lines.reverse();
    for (const { labels, key, entry } of lines.slice(0, left)) {
      const stream = found.get(key) ?? { labels, entries: [] };
      found.set(key, stream);
      stream.entries.push(entry);
    }
    left -= Math.min(left, lines.length);
  }
  const streams = [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, stream]) => stream);
  return { streams, cost };
}

type Passed = { labels: Labels; key: string; entry: LogEntry };

function passing(
  source: LogSource,
  streams: readonly LogStream[],
  query: LogQuery,
  window: number,
  { fromNs, toNs }: Span,
  cost: Budget,
): Passed[] {
  const lines: Passed[] = [];
  for (const stream of streams) {
    if (performance.now() > cost.endsAt) throw new LogQueryError(timedOut, 504);
    for (const entry of source.entries(stream, window)) {
      if (entry.ns < fromNs || entry.ns >= toNs) continue;
      cost.lines += 1;
      cost.bytes += entry.line.length;
      if (cost.lines > maxLines) throw unsupported(`a query that reads more than ${maxLines} lines`);
      const labels = throughStages(query.stages, stream.labels, entry.line);
      if (labels !== null) lines.push({ labels, key: keyOf(labels), entry });
    }
  }
  return lines.sort((one, other) => Number(one.entry.ns - other.entry.ns));
}

/** Whether a stream is one that a selector means; a label that is not there is empty. */
export const matches = (matchers: readonly StreamMatcher[], labels: Labels): boolean =>
  matchers.every(({ name, test }) => test(labels[name] ?? ''));

export type MetricRow = { labels: Labels; values: (number | null)[] };

/** The value of a metric query at each of these times: what happened within the range before it. */
export function measure(
  source: LogSource,
  query: MetricQuery,
  timesNs: readonly bigint[],
): { rows: MetricRow[]; cost: Cost } {
  if (query.kind === 'vector') {
    const inner = measure(source, query.of, timesNs);
    return { rows: aggregated(query, inner.rows), cost: inner.cost };
  }
  const rangeNs = BigInt(Math.round(query.rangeMs)) * nsPerMs;
  const [first = 0n, last = 0n] = [timesNs[0], timesNs.at(-1)];
  const span = { fromNs: first - rangeNs + 1n, toNs: last + 1n };
  const { streams, cost } = findLines(source, query.logs, span, Number.MAX_SAFE_INTEGER, 'forward');
  const perSecond = query.operation.includes('rate') ? query.rangeMs / 1_000 : 1;
  const weight = ({ line }: LogEntry) => (query.operation.startsWith('bytes') ? Buffer.byteLength(line) : 1);
  const rows = streams.map(({ labels, entries }) => ({
    labels,
    values: slidingSums(entries, weight, timesNs, rangeNs).map((sum) =>
      sum === null ? null : sum / perSecond,
    ),
  }));
  return { rows: rows.filter(({ values }) => values.some((value) => value !== null)), cost };
}

/** What the entries after `at - rangeNs` and up to `at` weigh, at each of these rising times; null where there are none. */
function slidingSums(
  entries: readonly LogEntry[],
  weight: (entry: LogEntry) => number,
  timesNs: readonly bigint[],
  rangeNs: bigint,
): (number | null)[] {
  let [first, after, sum] = [0, 0, 0];
  return timesNs.map((at) => {
    for (let entry = entries[after]; entry && entry.ns <= at; entry = entries[after]) {
      sum += weight(entry);
      after += 1;
    }
    for (let entry = entries[first]; entry && entry.ns <= at - rangeNs; entry = entries[first]) {
      sum -= weight(entry);
      first += 1;
    }
    return after === first ? null : sum;
  });
}

function aggregated(
  { operation, keep, names }: Extract<MetricQuery, { kind: 'vector' }>,
  rows: readonly MetricRow[],
): MetricRow[] {
  const groups = new Map<string, { labels: Labels; members: MetricRow[] }>();
  for (const row of rows) {
    const labels = withLabels(row.labels, names, keep);
    const key = keyOf(labels);
    const group = groups.get(key) ?? { labels, members: [] };
    groups.set(key, group);
    group.members.push(row);
  }
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { labels, members }]) => ({
      labels,
      values: (members[0]?.values ?? []).map((_first, at) =>
        joined(
          operation,
          members.flatMap(({ values }) => values[at] ?? []),
        ),
      ),
    }));
}

function joined(
  operation: Extract<MetricQuery, { kind: 'vector' }>['operation'],
  values: readonly number[],
): number | null {
  if (values.length === 0) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (operation) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / values.length;
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    case 'count':
      return values.length;
  }
}
