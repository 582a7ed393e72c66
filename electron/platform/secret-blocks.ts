import { isPlain } from './secret-names.ts';
import type { TextPart } from './text-part.ts';

/** A line of a text without its end, and where it begins. */
export type Line = { from: number; to: number };

export function lineAt(text: string, place: number): Line {
  const from = text.lastIndexOf('\n', place - 1) + 1;
  const end = text.indexOf('\n', place);
  const to = end < 0 ? text.length : end;
  return { from, to: text[to - 1] === '\r' && to > from ? to - 1 : to };
}

export function nextLine(text: string, { to }: Line): Line | null {
  const end = text.indexOf('\n', to);
  return end < 0 ? null : lineAt(text, end + 1);
}

export const indentOf = (text: string, { from, to }: Line): number => {
  const said = text.slice(from, to);
  return said.length - said.trimStart().length;
};

/**
 * How what stands under a telling name is hidden: `whole` for a text of several lines; `members` for a list or an object, of
 * which names, words and numbers stay, so that it can be told what was changed.
 */
export type BlockMode = 'whole' | 'members';

/** `|`, `>-`, `&anchor`, `!!binary |`, with a remark behind it, or nothing: what is meant stands on the next lines. */
export const opensBlock = (rest: string): boolean => rest.length <= 400 && OPENS_BLOCK.test(rest);
const OPENS_BLOCK = /^(?:[&!]\S{0,80}(?:[ \t]{1,8}|$))*(?:[|>][-+\d]{0,3})?[ \t]{0,8}(?:#.*)?$/;
export const OPENS_TEXT = /[|>][-+\d]{0,3}[ \t]{0,8}(?:#.*)?$/;

const MEMBER =
  /^(?:-[ \t]{1,8}){0,8}["']?([\w./@ -]{1,80})["']?[ \t]{0,20}[:=](?:[ \t]{1,20}|(?=["'\d]|$))(.{0,8192})$/;
const FIELD_NAME = /^[A-Za-z][A-Za-z_.-]{0,40}\d{0,2}$/;
/** What says nothing, and a line of a template or a remark, which may stand further left than what it stands in. */
const BRACKETS = /^[[\](){},;\s]*$/;
const BETWEEN_LINES = /^(?:\{\{.*|#.*)$/;

/** How many characters of a text have been gone over, so that one that is made to take long is noticed. */
export type Spent = { characters: number };

type Block = { line: Line; column: number; mode: BlockMode; spent: Spent; until?: number };

/**
 * The lines under a telling name, in a text that keeps what belongs together by indenting it, or by brackets up to `until`.
 * `line` is the line of the name, `column` where the name begins.
 */
export function hiddenBlock(text: string, { line, column, mode, spent, until = 0 }: Block): TextPart[] {
  const parts: TextPart[] = [];
  // A text within the block, which is hidden whole.
  let textColumn: number | null = null;
  for (let at = nextLine(text, line); at !== null; at = nextLine(text, at)) {
    const said = text.slice(at.from, at.to);
    spent.characters += said.length + 1;
    const content = said.trim();
    if (content === '') continue;
    const indent = said.length - said.trimStart().length;
    const isListed = mode === 'members' && indent === column && /^-(?:\s|$)/.test(content);
    if (indent <= column && at.from >= until && !isListed) {
      if (BETWEEN_LINES.test(content)) continue;
      break;
    }
    const from = at.from + indent;
    if (textColumn !== null && indent <= textColumn) textColumn = null;
    const member = mode === 'members' && textColumn === null ? MEMBER.exec(content) : null;
    if (member === null) {
      if (mode === 'whole' || !BRACKETS.test(content)) parts.push({ from, to: from + content.length });
      continue;
    }
    const [, name = '', value = ''] = member;
    const bare = value.trim();
    if (OPENS_TEXT.test(bare)) textColumn = indent;
    if (!FIELD_NAME.test(name)) parts.push({ from, to: from + content.length });
    else if (bare !== '' && !opensBlock(bare) && !BRACKETS.test(bare) && !isPlain('token', bare)) {
      const start = from + content.length - value.length + (value.length - value.trimStart().length);
      const end = from + content.length;
      parts.push({ from: start, to: text[end - 1] === ',' ? end - 1 : end });
    }
  }
  return parts;
}
