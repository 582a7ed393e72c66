/** As Go writes a number in JSON: the shortest digits that give it back, an exponent only outside 1e-6 to 1e21. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const size = Math.abs(value);
  // Within these String writes no exponent either.
  return size >= 1e-6 && size < 1e21 ? String(value) : twoDigitExponent(String(value));
}

/** As Go's format `e` writes it: always with an exponent. */
export function exponentText(value: number): string {
  return Number.isFinite(value) ? twoDigitExponent(value.toExponential()) : numberText(value);
}

/** As Go's format `f` writes it: never with an exponent. */
export function plainText(value: number): string {
  const text = numberText(value);
  const [, sign = '', whole = '', fraction = '', exponent] = /^(-?)(\d+)\.?(\d*)e([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return text;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}

const twoDigitExponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');
