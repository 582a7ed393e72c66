import type { FieldDiff } from '../../../../shared/vocabulary/event.ts';
import { bounded } from '../../bounded.ts';

/** What is longer is no title any more; the difference itself shows it. */
const MOST_CHARACTERS = 60;
const MOST_OF_PATH = 120;

/**
 * One field that changed, for a title: `pool.size 40 → 4`. Of a file it names the line: `app.yaml, line 3: size: 40 → size: 4`,
 * and what is long is told by how long it is.
 */
export function fieldInWords({ path, before, after }: FieldDiff): string {
  const name = bounded(path, MOST_OF_PATH);
  if (before !== null && after !== null && (isFile(before) || isFile(after)))
    return `${name}, ${linesInWords(before.split('\n'), after.split('\n'))}`;
  return `${name} ${sized(before)} → ${sized(after)}`;
}

const isFile = (value: string): boolean => value.includes('\n');

function sized(value: string | null): string {
  if (value === null) return '(none)';
  if (isFile(value)) return `${value.replace(/\n$/, '').split('\n').length} lines`;
  return value.length <= MOST_CHARACTERS ? value : `${value.length} characters`;
}

function linesInWords(before: readonly string[], after: readonly string[]): string {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same++;
  let sameAtEnd = 0;
  while (sameAtEnd < shorter - same && before.at(-1 - sameAtEnd) === after.at(-1 - sameAtEnd)) sameAtEnd++;
  const was = before.slice(same, before.length - sameAtEnd);
  const is = after.slice(same, after.length - sameAtEnd);
  if (was.length === 0 && is.length === 0) return 'a hidden value';
  if (is.length === 0) return `${counted(was.length)} taken out after line ${same}`;
  const where = is.length === 1 ? `line ${same + 1}` : `lines ${same + 1} to ${same + is.length}`;
  const [old, ...otherWas] = was;
  const [now, ...otherIs] = is;
  if (old === undefined) return `${where} added`;
  if (otherWas.length > 0 || otherIs.length > 0 || now === undefined) return where;
  return `${where}: ${sized(old.trim())} → ${sized(now.trim())}`;
}

const counted = (lines: number): string => `${lines} ${lines === 1 ? 'line' : 'lines'}`;
