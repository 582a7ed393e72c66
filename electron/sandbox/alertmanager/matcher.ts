import { re2Pattern } from '../http/re2-pattern.ts';

/** A matcher as the v2 API writes it. */
export type Matcher = { name: string; value: string; isRegex: boolean; isEqual: boolean };
export type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

/** A request that is not understood; answered 400 with the message as a JSON text. */
export class BadMatcher extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadMatcher';
  }
}

/** `name="value"`, `name!=value`, `name=~"pattern"`, `name!~pattern`, quoted or not. */
export function parseMatcher(text: string): Matcher {
  const [, name, operator, written = ''] =
    /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*(.*?)\s*$/s.exec(text) ?? [];
  if (name === undefined || operator === undefined) throw new BadMatcher(`bad matcher format: ${text}`);
  return {
    name,
    value: unquoted(written),
    isRegex: operator.endsWith('~'),
    isEqual: !operator.startsWith('!'),
  };
}

function unquoted(written: string): string {
  const quoted = written.startsWith('"');
  const body = quoted ? written.slice(1) : written;
  const [, inside = ''] = /^((?:[^"\\]|\\.|\\$)*)/s.exec(body) ?? [];
  if (body.slice(inside.length) !== (quoted ? '"' : '')) {
    throw new BadMatcher(`matcher value contains unescaped double quote: ${written}`);
  }
  // An escape that escapes nothing stands for itself.
  return inside.replaceAll(/\\([n"\\])/g, (_all, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** Whether labels pass; a label that is not there is empty. */
export function matcherTest({ name, value, isRegex, isEqual }: Matcher): LabelTest {
  if (!isRegex) return (labels) => ((labels[name] ?? '') === value) === isEqual;
  const pattern = re2Pattern(value, { whole: true });
  return (labels) => pattern.test(labels[name] ?? '') === isEqual;
}

/** As `filter` of the list of alerts takes it: there, an empty value asks whether the label is there at all. */
export function filterTest(matchers: readonly Matcher[]): LabelTest {
  const tests = matchers.map((matcher) => {
    const passes = matcherTest(matcher);
    if (matcher.value !== '') return passes;
    return (labels: Readonly<Record<string, string>>) =>
      Object.hasOwn(labels, matcher.name) !== matcher.isEqual || passes(labels);
  });
  return (labels) => tests.every((passes) => passes(labels));
}
