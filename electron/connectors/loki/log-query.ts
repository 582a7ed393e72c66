import { Failure } from '../../platform/failure.ts';
import type { LogWish } from '../inspection.ts';
import { matchersOf } from '../label-matchers.ts';

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
