import type { Normality } from './excess.ts';
import type { Shares } from './share-regression.ts';

/**
 * What was worked out from samples up to a place, kept so that a case that goes on need not be looked at from its beginning.
 * INVARIANT: all that is learnt here is learnt from before the trouble, and a value at a place from what is measured up to
 * that place; so as long as those samples are the same, what is kept is what would come out again.
 */
export type OwnMemory = {
  shares: Map<string, Shares>;
  normal: Map<string, Normality | null>;
  columns: Map<string, Columns>;
  values: Map<string, Float64Array>;
};

/** What is expected of a quantity at each place of the grid, or what is left of it; and how wrong that may be. */
export type Columns = { values: Float64Array; doubt: Float64Array };

/** What was kept the last time, and up to which place all that is measured is what it was. */
export type Before = { memory: OwnMemory; same: number };

export const ownMemory = (): OwnMemory => ({
  shares: new Map(),
  normal: new Map(),
  columns: new Map(),
  values: new Map(),
});

/** What is kept of the last time, or made; and kept for the next. */
export function carried<Value>(
  now: Map<string, Value>,
  before: ReadonlyMap<string, Value> | undefined,
  key: string,
  make: () => Value,
): Value {
  const known = now.get(key);
  if (known !== undefined) return known;
  const last = before?.get(key);
  const value = last === undefined ? make() : last;
  now.set(key, value);
  return value;
}

/** A column, those places of the last time filled in that are still right; `fill` does the rest. */
export function valuesOf(
  column: () => Float64Array,
  last: Float64Array | undefined,
  same: number,
  fill: (values: Float64Array, from: number) => void,
): Float64Array {
  const values = column();
  const from = last ? Math.min(same, last.length, values.length) : 0;
  if (last) values.set(last.subarray(0, from));
  fill(values, from);
  return values;
}

/** Two columns that are filled together, in the same way. */
export function columnsOf(
  column: () => Float64Array,
  last: Columns | undefined,
  same: number,
  fill: (columns: Columns, from: number) => void,
): Columns {
  const doubt = column();
  const values = valuesOf(column, last?.values, same, (values, from) => {
    if (last) doubt.set(last.doubt.subarray(0, from));
    fill({ values, doubt }, from);
  });
  return { values, doubt };
}
