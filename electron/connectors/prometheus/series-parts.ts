import { literal, quoted } from './quoted.ts';
import { labelName } from './quoted-names.ts';

/** Series by a matcher of one label, and the values of it that are known to fit. */
export type SeriesPart = { matcher: string; values: readonly string[] };

/** A pattern is not to grow with the number of values. */
const MOST_PREFIXES = 200;

/**
 * Cuts series by what the values of a label begin with into so many parts of about as many values each, or fewer. INVARIANT:
 * each series fits at least one part, whatever its value, since the last is what fits none of the others; so does one without
 * the label, and one that came since.
 */
export function seriesParts(label: string, values: readonly string[], most: number): SeriesPart[] {
  const distinct = [...new Set(values)].sort();
  const wanted = Math.ceil(distinct.length / most);
  const groups: { patterns: string[]; values: string[] }[] = [];
  for (const [prefix, some] of byPrefix(distinct, wanted)) {
    const last = groups.at(-1);
    if (last && last.values.length + some.length <= wanted) {
      last.patterns.push(patternOf(prefix, some));
      last.values.push(...some);
    } else groups.push({ patterns: [patternOf(prefix, some)], values: [...some] });
  }
  // Of one group alone nothing is left to be apart from.
  if (groups.length < 2) return [];
  const first = groups.slice(0, Math.min(most, groups.length) - 1);
  const rest = groups.slice(first.length);
  const begins = (some: typeof groups) => quoted(some.flatMap(({ patterns }) => patterns).join('|'));
  return [
    ...first.map((group) => ({ matcher: `${labelName(label)}=~${begins([group])}`, values: group.values })),
    { matcher: `${labelName(label)}!~${begins(first)}`, values: rest.flatMap((group) => group.values) },
  ];
}

/** Values by what they begin with, in order; a beginning that too many have in common is told further. */
function byPrefix(values: readonly string[], most: number): [string, string[]][] {
  const buckets = new Map<string, string[]>([['', [...values]]]);
  for (;;) {
    const tooMany = [...buckets].filter(([prefix, some]) => some.length > most && isTellable(prefix, some));
    const [largest] = tooMany.sort(([, a], [, b]) => b.length - a.length);
    if (largest === undefined) break;
    const [prefix, some] = largest;
    const next = Map.groupBy(some, (value) => value.slice(0, prefix.length + 1));
    if (buckets.size + next.size > MOST_PREFIXES) break;
    buckets.delete(prefix);
    for (const [longer, those] of next) buckets.set(longer, those);
  }
  return [...buckets].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A value that others go on from stands for itself alone, so that it does not take them along. */
const patternOf = (prefix: string, values: readonly string[]): string =>
  isTellable(prefix, values) ? `${literal(prefix)}.*` : literal(prefix);

/** Whether some of the values go on after the prefix. */
const isTellable = (prefix: string, values: readonly string[]): boolean =>
  values.some((value) => value.length > prefix.length);
