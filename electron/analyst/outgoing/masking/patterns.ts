import { lintSource } from '@secretlint/core';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { joined, type Span } from './span.ts';

/**
 * The rules that others keep, for tokens of known services. Without the one that a comment in the text can switch the
 * others off with: the text is not ours.
 */
const config = {
  rules: rules
    .filter(({ meta }) => meta.id !== '@secretlint/secretlint-rule-filter-comments')
    .map((rule) => ({ id: rule.meta.id, rule, options: {}, severity: 'error' as const })),
};

/** Some of the rules take the square of a line's length, so no line is longer than this to them. */
const MOST_LINE = 1_024;
/** Parts of a long line overlap, so that what stands where it is cut is seen whole. */
const OVERLAP = 320;

/** Texts with the shape of a known service's credential. */
export async function keptPatterns(text: string): Promise<Span[]> {
  const { content, parts } = inShortLines(text);
  const { messages } = await lintSource({
    source: { filePath: '/text.txt', content, contentType: 'text', ext: '.txt' },
    options: { config, maskSecrets: false, noPhysicFilePath: true },
  });
  const spans: Span[] = [];
  let part = 0;
  for (const { range } of messages.toSorted((a, b) => a.range[0] - b.range[0])) {
    while ((parts[part + 1]?.at ?? Number.POSITIVE_INFINITY) <= range[0]) part++;
    const { at, from } = parts[part] ?? { at: 0, from: 0 };
    // Two ends on both sides: what a rule says of several lines is held to the text that is there.
    const start = from + range[0] - at;
    spans.push({ from: start, to: Math.min(text.length, start + range[1] - range[0]), kind: 'SECRET' });
  }
  return joined(spans);
}

/** The text with long lines in overlapping parts, and where each part stands in both. */
function inShortLines(text: string): { content: string; parts: { at: number; from: number }[] } {
  const pieces: string[] = [];
  const parts: { at: number; from: number }[] = [];
  let at = 0;
  const add = (from: number, to: number) => {
    parts.push({ at, from });
    const piece = text.slice(from, to);
    pieces.push(piece);
    at += piece.length;
  };
  let begun = 0;
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline + 1;
    if (end - from > MOST_LINE) {
      if (begun < from) add(begun, from);
      for (let cut = from; cut < end; cut += MOST_LINE - OVERLAP) {
        add(cut, Math.min(end, cut + MOST_LINE));
        pieces.push('\n');
        at += 1;
        if (cut + MOST_LINE >= end) break;
      }
      begun = end;
    }
    from = end;
  }
  if (begun < text.length) add(begun, text.length);
  return { content: pieces.join(''), parts };
}
