/** The characters that values are looked up by; a shorter value is not taken. */
export const SHORTEST_LITERAL = 6;
const SLOTS = 1 << 16;
/** Of learned values that begin alike: whoever writes thousands of them must not make each place of a text cost thousands. */
const MOST_LENGTHS = 32;

export type Literals = ReturnType<typeof literals>;

/**
 * Many exact values, found in one pass over a text however many they are: most places are ruled out by a table of what the
 * values begin with. Values that Countersign holds are found wherever they stand. Those that were learned from texts are as
 * hostile as these: of many that begin alike not all lengths are taken, and none is looked for within another.
 */
export function literals(whose: 'held' | 'learned') {
  const begins = new Uint8Array(SLOTS);
  /** How long the values are that begin so, longest first. */
  const lengths = new Map<string, number[]>();
  const all = new Set<string>();

  return {
    add(value: string): void {
      if (value.length < SHORTEST_LITERAL || all.has(value)) return;
      const beginning = value.slice(0, SHORTEST_LITERAL);
      const known = lengths.get(beginning) ?? [];
      if (!known.includes(value.length)) {
        if (whose === 'learned' && known.length >= MOST_LENGTHS) return;
        lengths.set(
          beginning,
          [...known, value.length].sort((a, b) => b - a),
        );
      }
      all.add(value);
      begins[slotAt(value, 0)] = 1;
    },
    /** The parts of a text that they cover, in order; where one begins within another, both are one part. */
    find(text: string): { from: number; to: number }[] {
      const found: { from: number; to: number }[] = [];
      if (all.size === 0) return found;
      const last = text.length - SHORTEST_LITERAL;
      for (let from = 0; from <= last; from++) {
        if (begins[slotAt(text, from)] !== 1) continue;
        const length = lengths
          .get(text.slice(from, from + SHORTEST_LITERAL))
          ?.find((one) => all.has(text.slice(from, from + one)));
        if (length === undefined) continue;
        const last = found.at(-1);
        if (last && from < last.to) last.to = Math.max(last.to, from + length);
        else found.push({ from, to: from + length });
        if (whose === 'learned') from += length - 1;
      }
      return found;
    },
  };
}

/** By the first three characters. */
const slotAt = (text: string, at: number): number =>
  (text.charCodeAt(at) * 31 * 31 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) & (SLOTS - 1);
