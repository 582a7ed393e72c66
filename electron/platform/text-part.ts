import { HIDDEN } from './secret-names.ts';

/** A part of a text, from its first character to the one before `to`. */
export type TextPart = { from: number; to: number };

/** The parts in order, those that touch as one. */
export function joinedParts(parts: readonly TextPart[]): TextPart[] {
  const whole: TextPart[] = [];
  for (const { from, to } of parts.toSorted((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else if (to > from) whole.push({ from, to });
  }
  return whole;
}

/** The text with its parts hidden. What went over several lines leaves as many, so that lines keep their numbers. */
export function withHidden(text: string, parts: readonly TextPart[]): string {
  let told = '';
  let at = 0;
  for (const { from, to } of joinedParts(parts)) {
    told += text.slice(at, from) + HIDDEN + text.slice(from, to).replaceAll(/[^\n]+/g, '');
    at = to;
  }
  return told + text.slice(at);
}

/** What a sticky pattern finds at a place. */
export const matchAt = (pattern: RegExp, text: string, place: number): RegExpExecArray | null => {
  pattern.lastIndex = place;
  return pattern.exec(text);
};
