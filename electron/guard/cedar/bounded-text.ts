import { Failure } from '../../platform/failure.ts';

/** Far above what a person writes, and far below what makes Cedar's own stack run over. */
const MOST_BYTES = 1_000_000;
const DEEPEST = 40;
const LONGEST_STATEMENT = 3_000;
/** Each of these nests what stands before it. */
const OPERATORS = '+-*.';
const MOST_OPERATORS = 100;

/**
 * Refuses text in Cedar's language that is too large, too deeply nested or too long a statement before Cedar parses it.
 * INVARIANT: Cedar's parser recurses, and one that runs out of stack leaves its memory in a state nobody knows, so such a
 * text must never reach it.
 * @throws Failure `bad_input` naming the file.
 */
export function demandBounded(file: string, text: string): void {
  const refuse = (why: string) => new Failure('bad_input', `${file} ${why}`);
  if (text.length > MOST_BYTES) throw refuse(`has ${text.length} characters, more than ${MOST_BYTES}`);
  let depth = 0;
  let statement = 0;
  let operators = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '/' && text.charAt(at + 1) === '/') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
      continue;
    }
    statement += 1;
    if (character === '"') {
      at = endOfText(text, at);
    } else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (OPERATORS.includes(character)) operators += 1;
    else if (character === ';') {
      statement = 0;
      operators = 0;
    }
    if (operators > MOST_OPERATORS)
      throw refuse(`has a statement of more than ${MOST_OPERATORS} times ${OPERATORS}: make it several`);
    if (depth > DEEPEST) throw refuse(`is nested more than ${DEEPEST} deep`);
    if (statement > LONGEST_STATEMENT)
      throw refuse(
        `has a statement of more than ${LONGEST_STATEMENT} characters, texts not counted: make it several`,
      );
  }
}

/** Where the quoted text ends that begins here. */
function endOfText(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '"') return at;
  }
  return text.length;
}
