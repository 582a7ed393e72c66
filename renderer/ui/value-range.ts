/** From zero where the values are near it, with room above; `also` must lie within. */
export function valueRange(
  low: number | null,
  high: number | null,
  also: readonly number[] = [],
): [number, number] {
  const bottom = Math.min(low ?? also[0] ?? 0, ...also);
  const top = Math.max(high ?? also[0] ?? 1, ...also);
  const room = (top - bottom || Math.abs(top) || 1) * 0.1 || 1;
  const floor = bottom >= 0 && bottom < (top - bottom) * 2 ? 0 : bottom - room;
  return [floor, top + room];
}
