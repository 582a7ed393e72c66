const WRITTEN = /^([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+))\s*(%?)$/u;

/**
 * The threshold that a person wrote, in the unit that the metric is measured in: `0.025` and `2.5 %` are the same share.
 * Null for what is no number, so that nothing is guessed.
 */
export function thresholdOf(text: string): number | null {
  const [, digits, percent] = WRITTEN.exec(text.trim()) ?? [];
  if (digits === undefined) return null;
  const value = Number(digits.replace(',', '.'));
  return percent === '%' ? value / 100 : value;
}
