/** Labels of a series, its name under `__name__`. */
export type Labels = Readonly<Record<string, string>>;

/** What was worked out of label sets before: those of series stay the same objects, and every evaluation asks again. */
const keys = new WeakMap<Labels, string>();
const parts = new Map<string, WeakMap<Labels, Labels>>();
const mostParts = 500;

/** The same for equal label sets, whatever their order. */
export function keyOf(labels: Labels): string {
  const known = keys.get(labels);
  if (known !== undefined) return known;
  let key = '';
  for (const name of namesInOrder(labels)) key += `${name}\u0000${labels[name]}\u0001`;
  keys.set(labels, key);
  return key;
}

/** Label sets come by the thousand with the same names. */
const orders = new Map<string, readonly string[]>();
const mostOrders = 500;

function namesInOrder(labels: Labels): readonly string[] {
  const names = Object.keys(labels);
  const which = names.join('\u0000');
  const known = orders.get(which);
  if (known) return known;
  if (orders.size >= mostOrders) orders.clear();
  const sorted = names.sort();
  orders.set(which, sorted);
  return sorted;
}

/** The same labels, in the order in which Prometheus shows them. */
export const inOrder = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));

export const filterLabels = (labels: Labels, isWanted: (name: string) => boolean): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => isWanted(name)));

/** `by` or `on` these names, or all but these and the metric's name (`without`, `ignoring`). */
export const withLabels = (labels: Labels, names: readonly string[], keep: boolean): Labels =>
  partOf(names, keep)(labels);

/** The same for many label sets. */
export function partOf(names: readonly string[], keep: boolean): (labels: Labels) => Labels {
  const which = `${keep}\u0000${names.join('\u0000')}`;
  const known = parts.get(which) ?? newParts(which);
  return (labels) => {
    const before = known.get(labels);
    if (before) return before;
    const made = filterLabels(labels, (name) =>
      keep ? names.includes(name) : name !== '__name__' && !names.includes(name),
    );
    known.set(labels, made);
    return made;
  };
}

/** Queries name what they like, so not all that was ever asked for is kept. */
function newParts(which: string): WeakMap<Labels, Labels> {
  if (parts.size >= mostParts) parts.clear();
  const made = new WeakMap<Labels, Labels>();
  parts.set(which, made);
  return made;
}
