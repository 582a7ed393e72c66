import type { Span } from './span.ts';

/** What stands between two texts that are looked through at once: no rule reads across it. */
export const BETWEEN = '\n\u0000\n';

/** Spans of texts joined by `BETWEEN` as spans of each text; what reaches over an end is cut there. */
export function perText(spans: readonly Span[], texts: readonly string[]): Span[][] {
  let at = 0;
  let next = 0;
  return texts.map((text) => {
    const end = at + text.length;
    const own: Span[] = [];
    for (let index = next; index < spans.length; index++) {
      const span = spans[index];
      if (!span || span.from >= end) break;
      if (span.to <= end) next = index + 1;
      if (span.to <= at) continue;
      own.push({ from: Math.max(0, span.from - at), to: Math.min(end, span.to) - at, kind: span.kind });
    }
    at = end + BETWEEN.length;
    return own;
  });
}
