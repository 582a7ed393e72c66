import { QueryError } from './query-error.ts';

/** Patterns match the whole value, and `.` any character (RE2 with the flags Prometheus sets). */
export function pattern(source: string): RegExp {
  const ignoresCase = source.startsWith('(?i)');
  // Go names its groups with a `P`.
  const bare = (ignoresCase ? source.slice(4) : source).replaceAll('(?P<', '(?<');
  return new RegExp(`^(?:${bare})$`, ignoresCase ? 'is' : 's');
}

const maxLength = 1_000;
const maxOpenRepetitions = 3;
/** Words in a row, as clients send them that look for many names at once: however many there are, none takes long. */
const plainAlternatives = /^[\w:]+(?:\|[\w:]+)*$/;

/**
 * RE2 runs in linear time and this engine does not: some patterns would hold the process for hours. What could is
 * refused, and so is what RE2 does not know at all.
 */
export function checkPattern(source: string): void {
  const shown = JSON.stringify(source.slice(0, 100));
  if (/\\[1-9]|\(\?[=!<]/.test(source)) {
    throw new QueryError('bad_data', `error parsing regexp: invalid or unsupported Perl syntax: ${shown}`);
  }
  if (plainAlternatives.test(source)) return;
  if (source.length > maxLength) refuse('a regular expression of more than 1000 characters');
  try {
    pattern(source);
  } catch {
    throw new QueryError('bad_data', `error parsing regexp: ${shown}`);
  }
  const { nested, open } = repetitionsIn(source);
  if (nested)
    refuse(`the repeated group with repetitions or alternatives in it, in the regular expression ${shown},`);
  if (open > maxOpenRepetitions)
    refuse(
      `more than ${maxOpenRepetitions} repetitions in one alternative, in the regular expression ${shown},`,
    );
}

function refuse(what: string): never {
  throw new QueryError('execution', `${what} is not supported by this simulated Prometheus`);
}

/** Whether a group that can be many different things is repeated, and how many repetitions one alternative has at most. */
function repetitionsIn(source: string): { nested: boolean; open: number } {
  // Escaped characters and classes repeat nothing; one letter stands for each.
  const bare = source.replaceAll(/\\./gs, 'a').replaceAll(/\[\^?\]?[^\]]*\]/g, 'a');
  const groups: { ambiguous: boolean }[] = [];
  let nested = false;
  let open = 0;
  let most = 0;
  for (let at = 0; at < bare.length; at++) {
    const character = bare.charAt(at);
    const repeats = /^(?:[*+]|\{\d*,?\d*\})/.test(bare.slice(at + 1));
    if (character === '(') groups.push({ ambiguous: false });
    else if (character === '|') {
      if (groups.length === 0) open = 0;
      for (const group of groups) group.ambiguous = true;
    } else if (character === ')') {
      if (groups.pop()?.ambiguous && repeats) nested = true;
    }
    if (character === '?' && bare.charAt(at - 1) !== '(') for (const group of groups) group.ambiguous = true;
    if (repeats) {
      open += 1;
      most = Math.max(most, open);
      for (const group of groups) group.ambiguous = true;
    }
  }
  return { nested, open: most };
}
