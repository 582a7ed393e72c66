import type { SyntaxNodeRef } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { Failure } from '../../platform/failure.ts';
import { quotedMatchersOf } from '../label-matchers.ts';

/**
 * A query with the matchers of the scope on every selector in it, whoever wrote it: what lies outside never leaves
 * Prometheus. INVARIANT: a selector of the scope, or a query, that cannot be understood reads nothing.
 */
export function withinScope(query: string, scope: readonly string[]): string {
  if (scope.length === 0) return query;
  const matchers = scope.map(matchersIn).join(',');
  let scoped = '';
  let done = 0;
  for (const { at, text } of insertions(query, matchers)) {
    scoped += query.slice(done, at) + text;
    done = at;
  }
  return scoped + query.slice(done);
}

function insertions(query: string, matchers: string): { at: number; text: string }[] {
  const found: { at: number; text: string }[] = [];
  parser.parse(query).iterate({
    enter(node) {
      if (node.type.isError) throw notLimited('cannot be read as PromQL');
      // It joins series that it does not name.
      if (node.name === 'Info') throw notLimited('uses info()');
      // Prometheus ends a comment at a carriage return too (promql/parser/lex.go, isEndOfLine), and reads on behind it.
      if (node.name === 'LineComment' && /\r[^\r]/.test(query.slice(node.from, node.to)))
        throw notLimited('has a carriage return in a comment');
      if (node.name === 'VectorSelector') found.push(insertionIn(node, query, matchers));
    },
  });
  return found;
}

function insertionIn({ node }: SyntaxNodeRef, query: string, matchers: string) {
  const braces = node.getChild('LabelMatchers');
  if (!braces) return { at: node.to, text: `{${matchers}}` };
  const end = braces.to - 1;
  const own = query.slice(braces.from + 1, end).trim();
  return { at: end, text: own === '' || own.endsWith(',') ? matchers : `,${matchers}` };
}

const notLimited = (why: string) =>
  new Failure(
    'refused',
    `The envelope limits which metrics may be read (reads.metrics), and an expression that ${why} cannot be limited, so it is not evaluated.`,
  );

function matchersIn(selector: string): string {
  const matchers = quotedMatchersOf(selector);
  if (matchers !== null) return matchers;
  throw new Failure(
    'bad_input',
    `reads.metrics of the envelope: ${JSON.stringify(selector.slice(0, 100))} is no selector, as namespace="shop", so no metric is read.`,
  );
}
