import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { type Convention, GATHERED, type Naming } from './conventions/convention.ts';
import { withinScope } from './metric-scope.ts';
import { literal, quoted } from './quoted.ts';
import { labelName } from './quoted-names.ts';

/**
 * The query of a convention, for some of its services alone. INVARIANT: what it yields of those is what the whole query
 * yields of them; and the engine reads no more than their series, by labels that its index knows.
 */
export function narrowedTo(convention: Convention, query: string, names: readonly string[]): string {
  const { service, ofPods, naming } = convention;
  const some = names.map(literal).join('|');
  if (naming === undefined)
    return withinScope(query, [
      `${labelName(service)}=~${quoted(ofPods === undefined ? some : `(?:${some})(?:-.+)?`)}`,
    ]);
  const wanted = names.map(
    (name) => `label_replace(vector(1), "${service}", ${quoted(name.replaceAll('$', '$$$$'))}, "", "")`,
  );
  const read = eachLeaf(
    query,
    naming.flatMap((one) => matchersOf(one, some)),
  );
  return `(${read}) and on (${service}) (${wanted.join(' or ')})`;
}

/**
 * What the labels of a series can be where its service is one of some: a superset, since another label may stand before
 * the one that fits. Alternatives without a group are looked up in the index, everything else is tried on every value.
 */
function matchersOf({ label, part }: Naming, some: string): string[] {
  const [, front, rest = part] = /^\(\?:(.+?)\)\?(\(.*)$/.exec(part) ?? [];
  const named = rest.replace(/\((?!\?)[^)]*\)/, () => (rest.endsWith('+)') ? some : `(?:${some})`));
  const patterns = front === undefined ? [named] : [named, `(?:${front})(?:${named})`];
  return patterns.map((pattern) => `${labelName(label)}=~${quoted(pattern)}`);
}

/**
 * A convention that gathers its service out of those labels alone that are there: each other one costs the engine a step
 * over all services and yields the same.
 */
export function withNaming(convention: Convention, there: ReadonlySet<string>): Convention {
  const naming = convention.naming?.filter(({ label }) => there.has(label));
  if (naming === undefined || naming.length === 0) return convention;
  const dropped = (convention.naming ?? []).filter((one) => !naming.includes(one));
  const query = dropped.reduce(
    (text, { label, part }) => withoutNaming(text, `, "${GATHERED}", "$1", "${label}", "${part}")`),
    convention.query,
  );
  return { ...convention, naming, query };
}

/** Each `label_replace(…)` that ends so, without what it does. */
function withoutNaming(query: string, end: string): string {
  let text = query;
  for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end)) {
    const call = callEndingAt(text, at + end.length);
    const inner = text.slice(call.from + 'label_replace('.length, at);
    text = text.slice(0, call.from) + inner + text.slice(call.to);
  }
  return text;
}

function callEndingAt(query: string, to: number): { from: number; to: number } {
  let found: { from: number; to: number } | null = null;
  // No PromQL yet, but as long as what will stand there.
  parser.parse(query.replaceAll('$window', '100000s')).iterate({
    enter(node) {
      if (node.name === 'FunctionCall' && node.to === to) found ??= { from: node.from, to: node.to };
    },
  });
  if (found === null) throw new Error(`No function ends at ${to} of ${query}`);
  return found;
}

/** A query in which each selector, with the function around its range, is what fits one of these matchers. */
function eachLeaf(query: string, matchers: readonly string[]): string {
  let read = '';
  let done = 0;
  parser.parse(query).iterate({
    enter({ name, node }) {
      if (name !== 'VectorSelector') return;
      const { from, to } = leafAround(node);
      const leaf = query.slice(from, to);
      const narrowed = matchers.map((matcher) => withinScope(leaf, [matcher]));
      read += `${query.slice(done, from)}(${narrowed.join(' or ')})`;
      done = to;
    },
  });
  return read + query.slice(done);
}

/** `rate(x[1m])` around `x`: vectors can be joined, their ranges cannot. */
function leafAround(selector: SyntaxNode): SyntaxNode {
  const range = selector.parent;
  const call = range?.name === 'MatrixSelector' ? range.parent?.parent : null;
  return call?.name === 'FunctionCall' ? call : selector;
}
