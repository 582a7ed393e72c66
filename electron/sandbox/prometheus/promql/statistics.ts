/** A sum that also keeps what was lost to rounding (Neumaier's variant of Kahan's). */
export type KeptSum = { add(value: number): void; total(): number };

export function keptSum(): KeptSum {
  let sum = 0;
  let lost = 0;
  return {
    add(value) {
      const next = sum + value;
      if (Math.abs(sum) >= Math.abs(value)) lost += sum - next + value;
      else lost += value - next + sum;
      sum = next;
    },
    total: () => (Number.isFinite(sum) ? sum + lost : sum),
  };
}

export function sumOf(values: readonly number[]): number {
  const sum = keptSum();
  for (const value of values) sum.add(value);
  return sum.total();
}

/** The mean so far with one more value, without ever adding up beyond what a number can hold. */
export function meanWith(mean: number, count: number, value: number): number {
  if (!Number.isFinite(mean) && !Number.isNaN(mean)) {
    if (value === mean || Number.isFinite(value)) return mean;
  }
  return mean + (value / count - mean / count);
}

/** Population variance. */
export function varianceOf(values: readonly number[]): number {
  let count = 0;
  const mean = keptSum();
  const squares = keptSum();
  for (const value of values) {
    count += 1;
    const delta = value - mean.total();
    mean.add(delta / count);
    squares.add(delta * (value - mean.total()));
  }
  return squares.total() / count;
}

/** Between the two nearest ranks; beyond 0 and 1 it is infinite. */
export function quantileOf(quantile: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const ranked = [...values].sort((one, other) => nanFirst(one, other) || one - other);
  const rank = quantile * (ranked.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(ranked.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (ranked[lower] ?? Number.NaN) * (1 - weight) + (ranked[upper] ?? Number.NaN) * weight;
}

export const nanFirst = (one: number, other: number): number =>
  Number(Number.isNaN(other)) - Number(Number.isNaN(one));

/** The line of least squares through the points, with its value where `x` is 0. */
export function lineThrough(
  xs: readonly number[],
  ys: readonly number[],
): { slope: number; intercept: number } {
  const count = ys.length;
  const [first = Number.NaN] = ys;
  if (ys.every((value) => value === first)) {
    return Number.isFinite(first)
      ? { slope: 0, intercept: first }
      : { slope: Number.NaN, intercept: Number.NaN };
  }
  const sumX = sumOf(xs);
  const sumY = sumOf(ys);
  const sumXY = sumOf(xs.map((x, index) => x * (ys[index] ?? 0)));
  const sumX2 = sumOf(xs.map((x) => x * x));
  const slope = (sumXY - (sumX * sumY) / count) / (sumX2 - (sumX * sumX) / count);
  return { slope, intercept: sumY / count - (slope * sumX) / count };
}
