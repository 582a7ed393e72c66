import { Failure } from '../../platform/failure.ts';
import { conventionMetrics } from './conventions.ts';

/** One label matcher of PromQL with its string in double quotes. */
const MATCHER = String.raw`[a-zA-Z_][a-zA-Z0-9_]*\s*(?:=~|!~|!=|=)\s*"(?:[^"\\\n]|\\.)*"`;
const MATCHERS = String.raw`\s*(${MATCHER}(?:\s*,\s*${MATCHER})*)\s*`;
const SELECTOR = new RegExp(String.raw`^(?:${MATCHERS}|\s*\{${MATCHERS}\}\s*)$`);
/** Longest first: one name may begin another. */
const METRICS = [...conventionMetrics, 'istio_request_duration_milliseconds_bucket']
  .toSorted((a, b) => b.length - a.length)
  .join('|');
const OF_METRIC = new RegExp(String.raw`(?<![\w:"])(${METRICS})(?![\w:])(?:\{([^{}]*)\})?`, 'g');

/**
 * A query of our own conventions, with the matchers of the scope on every metric in it: what lies outside never leaves
 * Prometheus. INVARIANT: a selector that cannot be understood reads nothing.
 */
export function withinScope(query: string, scope: readonly string[]): string {
  if (scope.length === 0) return query;
  const matchers = scope.map(matchersIn).join(',');
  return query.replace(OF_METRIC, (_whole, metric: string, own: string | undefined) =>
    own === undefined || own.trim() === '' ? `${metric}{${matchers}}` : `${metric}{${own},${matchers}}`,
  );
}

/** An expression that somebody else wrote, such as that of an alerting rule, cannot be limited by its text. */
export function demandUnlimited(scope: readonly string[]): void {
  if (scope.length > 0)
    throw new Failure(
      'refused',
      'The envelope limits which metrics may be read (reads.metrics), so the expression of an alert is not evaluated.',
    );
}

function matchersIn(selector: string): string {
  const [, bare, braced] = SELECTOR.exec(selector) ?? [];
  const matchers = bare ?? braced;
  if (matchers !== undefined) return matchers;
  throw new Failure(
    'bad_input',
    `reads.metrics of the envelope: ${JSON.stringify(selector.slice(0, 100))} is no selector, as namespace="shop", so no metric is read.`,
  );
}
