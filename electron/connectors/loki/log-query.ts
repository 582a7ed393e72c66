import { Failure } from '../../platform/failure.ts';
import type { LogWish } from '../inspection.ts';
import { matchersOf } from '../label-matchers.ts';
import { NAMESPACE_LABELS } from './stream-labels.ts';

/**
 * The LogQL of what somebody wants to read. Nobody writes LogQL here: service and texts are quoted, and the matchers of the
 * envelope (`reads.logs`) stand in the selector. INVARIANT: a matcher that cannot be understood reads nothing.
 */
export function logQuery(
  label: string,
  { service, contains, without }: LogWish,
  scope: readonly string[],
): { selector: string; query: string } {
  const selector = `{${[`${label}=${quoted(service)}`, ...scope.map(matchersIn)].join(',')}}`;
  const filters = [
    ...(contains === undefined ? [] : [`|~ ${quoted(`(?i)${escaped(contains)}`)}`]),
    ...(without === undefined ? [] : [`!~ ${quoted(`(?i)${escaped(without)}`)}`]),
  ];
  return { selector, query: [selector, ...filters].join(' ') };
}

/**
 * What a line says that tells of an error: its level, or words that nobody writes otherwise. RE2, as Loki has it.
 */
const ERROR_LINE =
  '(?i)(level["\']?[=:] ?["\']?(error|err|fatal|critical|panic)\\b|\\b(ERROR|FATAL|PANIC)\\b|exception\\b|\\bpanic:|traceback)';

export type ErrorQueries = {
  label: string;
  /** The error lines of each step, by service and namespace. */
  counted: string;
  /** All of them. */
  lines: string;
  /** Those of one service. */
  linesOf(service: string): string;
};

/** The LogQL of error lines, in streams that name their service by `label` and fit the matchers of the envelope. */
export function errorQueries(label: string, scope: readonly string[], stepMs: number): ErrorQueries {
  const filtered = (matcher: string) =>
    `{${[matcher, ...scope.map(matchersIn)].join(',')}} |~ ${quoted(ERROR_LINE)}`;
  const by = [label, ...NAMESPACE_LABELS].join(', ');
  return {
    label,
    lines: filtered(`${label}=~".+"`),
    counted: `sum by (${by}) (count_over_time(${filtered(`${label}=~".+"`)} [${stepMs / 1_000}s]))`,
    linesOf: (service) => filtered(`${label}=${quoted(service)}`),
  };
}

/** Matchers that everything must fit, to find out which labels and values there are; Loki wants at least one. */
export const scopeSelector = (scope: readonly string[]): string | null =>
  scope.length === 0 ? null : `{${scope.map(matchersIn).join(',')}}`;

function matchersIn(selector: string): string {
  const matchers = matchersOf(selector);
  if (matchers !== null) return matchers;
  throw new Failure(
    'bad_input',
    `reads.logs of the envelope: ${JSON.stringify(selector.slice(0, 100))} is no selector, as namespace="shop", so no log is read.`,
  );
}

/** A string of LogQL is one of Go (https://go.dev/ref/spec#String_literals), which JSON's escapes are a part of. */
const quoted = (text: string): string => JSON.stringify(text.toWellFormed());

/** A text that means itself in RE2. */
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
