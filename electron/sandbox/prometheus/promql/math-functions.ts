import { distinct, mapped, type Row, withoutName } from './row.ts';

/** Functions of one number. */
export const mathFunctions: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  deg: (value) => (value * 180) / Math.PI,
  exp: Math.exp,
  floor: Math.floor,
  ln: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  rad: (value) => (value * Math.PI) / 180,
  sgn: Math.sign,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
};

/** To the nearest multiple, halves upwards. */
export function round(rows: readonly Row[], multiples: Float64Array | null): Row[] {
  const rounded = (value: number, step: number) => {
    // Divided by the inverse, which loses less: multiples are mostly powers of ten.
    const inverse = 1 / (multiples?.[step] ?? 1);
    return Math.floor(value * inverse + 0.5) / inverse;
  };
  return distinct(rows.map((row) => mapped(withoutName(row), rounded)));
}

/** Between the limits; where they contradict each other nothing is. */
export function clamp(rows: readonly Row[], least: Float64Array | null, most: Float64Array | null): Row[] {
  const low = (step: number) => (least ? (least[step] ?? Number.NaN) : Number.NEGATIVE_INFINITY);
  const high = (step: number) => (most ? (most[step] ?? Number.NaN) : Number.POSITIVE_INFINITY);
  const clamped = rows.map((row) => ({
    ...mapped(withoutName(row), (value, step) => Math.max(low(step), Math.min(high(step), value))),
    present: row.present.map((there, step) => (there && !(high(step) < low(step)) ? 1 : 0)),
  }));
  return distinct(clamped.filter((row) => row.present.includes(1)));
}
