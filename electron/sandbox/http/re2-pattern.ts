/** A pattern that cannot be used, in the words of Go's `regexp`. */
export class PatternError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PatternError';
  }
}

const maxLength = 1_000;
const maxOpenRepetitions = 2;

/**
 * A regular expression as Go's RE2 takes it, from whoever sent it. RE2 runs in linear time and this engine does not, so
 * what could run for long here is refused although RE2 would take it. `whole` is for a pattern that must match all of a
 * text, as those of matchers must.
 */
export function re2Pattern(source: string, { whole }: { whole: boolean }): RegExp {
  const shown = whole ? `^(?:${source})$` : source;
  const fault = faultIn(source, shown, whole);
  if (fault) {
    const { what, quoted = shown } = fault;
    throw new PatternError(`error parsing regexp: ${what}: \`${quoted}\``);
  }
  if (source.length > maxLength) throw new PatternError('error parsing regexp: expression too large');
  const [, flags = ''] = /^\(\?([is]+)\)/.exec(source) ?? [];
  const bare = flags === '' ? source : source.slice(flags.length + 3);
  try {
    const pattern = bare.replaceAll('(?P<', '(?<');
    return new RegExp(
      whole ? `^(?:${pattern})$` : pattern,
      `${flags.includes('i') ? 'i' : ''}${whole || flags.includes('s') ? 's' : ''}`,
    );
  } catch {
    throw new PatternError(`error parsing regexp: invalid or unsupported Perl syntax: \`${shown}\``);
  }
}

/** What is wrong and, where Go does not quote all of the pattern, the part it stumbles over. */
function faultIn(source: string, shown: string, whole: boolean): { what: string; quoted?: string } | null {
  if (/\\[1-9]|\(\?(?:[=!]|<[=!])/.test(source)) return { what: 'invalid or unsupported Perl syntax' };
  const idle = /(?:^|[(|])[*+?]/.exec(source.replaceAll(/\\./gs, 'aa').replaceAll('(?', '(:'));
  if (idle) return { what: 'missing argument to repetition operator', quoted: idle[0].slice(-1) };
  const bare = withoutClasses(source);
  if (bare === null) return { what: 'missing closing ]', quoted: shown.slice(shown.lastIndexOf('[')) };
  const depth = [...bare].reduce(
    (open, character) => (open < 0 ? open : open + Number(character === '(') - Number(character === ')')),
    0,
  );
  if (depth > 0) return { what: 'missing closing )' };
  if (depth < 0) return { what: 'unexpected )' };
  const { nested, open } = repetitionsIn(bare);
  if (!nested && open <= maxOpenRepetitions && (whole || !searchesSlowly(bare))) return null;
  return { what: 'expression nests or repeats too much for this simulated server' };
}

/** One letter for each escaped character and each class, for neither repeats anything; null when a class does not end. */
function withoutClasses(source: string): string | null {
  const bare = source.replaceAll(/\\./gs, 'a').replaceAll(/\[\^?\]?[^\]]*\]/g, 'a');
  return bare.includes('[') ? null : bare;
}

/**
 * A search that repeats twice begins anew at every character, unless something certain must come first: the start of the
 * text or two characters.
 */
function searchesSlowly(bare: string): boolean {
  const alternatives = bare
    .split('|')
    .map((text) => text.replace(/^(?:\((?:\?(?::|[is]+\)|P?<\w+>))?)+/, ''));
  return alternatives.some(
    (text) => repetitionsIn(text).open > 1 && !/^(?:\^|[^.*+?{}()[\]^$]{2}(?![*+?{]))/.test(text),
  );
}

/** Whether a group that can be many different things is repeated, and how many repetitions one alternative has at most. */
function repetitionsIn(bare: string): { nested: boolean; open: number } {
  const groups: { ambiguous: boolean }[] = [];
  let nested = false;
  let open = 0;
  let most = 0;
  // What a search may skip at either end costs nothing.
  const middle = bare.replace(/^(?:\^?\.[*+])+/, '').replace(/(?:\.[*+]\$?)+$/, '');
  for (let at = 0; at < middle.length; at++) {
    const character = middle.charAt(at);
    const repeats = /^(?:[*+]|\{\d*,?\d*\})/.test(middle.slice(at + 1));
    if (character === '(') groups.push({ ambiguous: false });
    else if (character === '|') {
      if (groups.length === 0) open = 0;
      for (const group of groups) group.ambiguous = true;
    } else if (character === ')' && groups.pop()?.ambiguous && repeats) nested = true;
    if (character === '?' && middle.charAt(at - 1) !== '(')
      for (const group of groups) group.ambiguous = true;
    if (repeats) {
      open += 1;
      most = Math.max(most, open);
      for (const group of groups) group.ambiguous = true;
    }
  }
  return { nested, open: most };
}
