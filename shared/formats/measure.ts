/** Below this a value is told as nothing. */
const NOTHING_BELOW = 1e-9;

/** A measured value as a person reads it: so many significant digits and the unit, a ratio in percent; null is `unknown`. */
export const measureInWords = (value: number | null, unit: string, digits = 3): string =>
  value === null ? 'unknown' : `${figure(value, unit, digits)} ${shownUnit(unit)}`.trim();

/** Two values of one measure, the unit told once: `0.0907 to 0.497 s`, `0.046 to 16 %`. */
export const moveInWords = (
  before: number | null,
  after: number | null,
  unit: string,
  between = ' to ',
): string =>
  before === null || after === null
    ? `${measureInWords(before, unit)}${between}${measureInWords(after, unit)}`
    : `${figure(before, unit)}${between}${measureInWords(after, unit)}`;

const shownUnit = (unit: string): string => (unit === 'ratio' ? '%' : unit === '1' ? '' : unit);

function figure(value: number, unit: string, digits = 3): string {
  if (Math.abs(value) < NOTHING_BELOW) return '0';
  return formatOf(digits).format(unit === 'ratio' ? value * 100 : value);
}

const formats = new Map<number, Intl.NumberFormat>();
function formatOf(digits: number): Intl.NumberFormat {
  const format =
    formats.get(digits) ??
    new Intl.NumberFormat('en', { maximumSignificantDigits: digits, useGrouping: false });
  formats.set(digits, format);
  return format;
}
