import { hiddenBlock, indentOf, type Line, lineAt, nextLine, opensBlock } from './secret-blocks.ts';
import { isPlain } from './secret-names.ts';
import { type Named, valueAt } from './secret-values.ts';
import type { TextPart } from './text-part.ts';

/** What names its neighbour, as `name: DB_PASSWORD` names the value beside it. */
const NAMING =
  /(?:^|[\s{,<(-])\\{0,8}["']?(?:name|field|path|key)\\{0,8}["']?[ \t]{0,8}[=:][ \t]{0,8}\\{0,8}["']?$/i;
const VALUE =
  /(?:^|[\s{,;-])\\{0,8}["']?(?:value|before|after|default)\\{0,8}["']?[ \t]{0,8}[=:][ \t]{0,8}/gi;
const MOST_LINES = 40;

/** Values beside a telling name, on its line and on those of the same object, before and after it. */
export function besideName(named: Named): TextPart[] {
  const { text, place, line } = named;
  const before = text.slice(Math.max(line.from, place.from - 200), place.from);
  const naming = NAMING.exec(before);
  if (naming === null) return [];
  const parts = valuesIn(named, line);
  const column =
    place.from - before.length + naming.index + (/^[\s{,<(-]/.test(naming[0]) ? 1 : 0) - line.from;
  for (const one of linesAround(text, line, column)) {
    named.spent.characters += one.to - one.from + 1;
    parts.push(...valuesIn(named, one, column));
  }
  return parts;
}

function linesAround(text: string, line: Line, column: number): Line[] {
  const lines: Line[] = [];
  const indent = (one: Line) => indentOf(text, one);
  for (let at = nextLine(text, line); at && lines.length < MOST_LINES; at = nextLine(text, at)) {
    if (at.to > at.from && indent(at) < column) break;
    lines.push(at);
  }
  const startsItem = /^\s*-\s/.test(text.slice(line.from, line.to));
  for (let at = line; !startsItem && at.from > 0 && lines.length < 2 * MOST_LINES; ) {
    at = lineAt(text, at.from - 1);
    const isFirst = /^\s*-\s/.test(text.slice(at.from, at.to));
    if (indent(at) < column && !isFirst) break;
    lines.push(at);
    if (isFirst && indent(at) < column) break;
  }
  return lines;
}

/** Values in a line, of those only that begin it where a column is given. */
function valuesIn(named: Named, line: Line, column?: number): TextPart[] {
  const { text } = named;
  const start = column === undefined ? Math.max(line.from, named.place.from - 1_024) : line.from;
  const said = text.slice(start, Math.min(line.to, start + 4_096));
  named.spent.characters += said.length;
  return [...said.matchAll(VALUE)].flatMap(({ 0: sign, index }) => {
    const at = start + index;
    if (column !== undefined && at - line.from > column) return [];
    const from = at + sign.length;
    const rest = text.slice(from, line.to);
    const whole = column ?? indentOf(text, line);
    if (opensBlock(rest))
      return hiddenBlock(text, { line, column: whole, mode: 'whole', spent: named.spent });
    const value = valueAt({ ...named, line }, from, column !== undefined);
    return value === null || isPlain('password', text.slice(value.from, value.to)) ? [] : [value];
  });
}
