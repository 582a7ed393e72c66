/** Labels of a series, its name under `__name__`. */
export type Labels = Readonly<Record<string, string>>;

/** The same for equal label sets, whatever their order. */
export const keyOf = (labels: Labels): string =>
  Object.keys(labels)
    .sort()
    .map((name) => `${name}\u0000${labels[name]}`)
    .join('\u0001');

/** The same labels, in the order in which Prometheus shows them. */
export const inOrder = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));

export const filterLabels = (labels: Labels, isWanted: (name: string) => boolean): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => isWanted(name)));

/** `by` or `on` these names, or all but these and the metric's name (`without`, `ignoring`). */
export const withLabels = (labels: Labels, names: readonly string[], keep: boolean): Labels =>
  filterLabels(labels, (name) =>
    keep ? names.includes(name) : name !== '__name__' && !names.includes(name),
  );
