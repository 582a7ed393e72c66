import { BETWEEN, perText } from './joined-texts.ts';
import { changeLeaves, type Leaf } from './leaves.ts';
import { literals } from './literals.ts';
import { type Finder, joined, type Span, without } from './span.ts';
import { structural } from './structural.ts';
import { TOKEN, tokens } from './tokens.ts';

export type MaskerPorts = {
  /** Exact matches of the secrets that are held. */
  held: Finder;
  /** The rules that others keep; rejects when they could not be asked, and then nothing is sent. */
  patterns(text: string): Promise<Span[]>;
  personal: Finder;
};

/** A JSON value to mask. In the model's own words its tokens are tokens; in anybody else's they are text. */
export type Masked = { value: unknown; by: 'model' | 'others' };

export type Masker = ReturnType<typeof masker>;

/** A shorter one would be found in words that have nothing to do with it. */
const SHORTEST_LEARNED = 8;

/**
 * Takes secrets and data about persons out of what goes to a model and puts them back into what comes from it, with the
 * same token for the same value as long as it lives. In this order: secrets that are held, secrets by where they stand,
 * the kept rules, data about persons; what was masked once is masked wherever it stands from then on.
 */
export function masker({ held, patterns, personal }: MaskerPorts) {
  const known = tokens();
  const learned = literals('learned');
  const done = new Map<string, string>();

  async function mask(values: readonly Masked[]): Promise<unknown[]> {
    const fresh = new Map<string, Leaf & { by: Masked['by'] }>();
    for (const { value, by } of values)
      changeLeaves(value, (leaf) => {
        if (!done.has(keyOf(leaf, by))) fresh.set(keyOf(leaf, by), { ...leaf, by });
        return leaf.text;
      });
    await maskFresh([...fresh]);
    return values.map(({ value, by }) =>
      changeLeaves(value, (leaf) => {
        const masked = done.get(keyOf(leaf, by));
        if (masked === undefined) throw new Error('Every text was looked through');
        return masked;
      }),
    );
  }

  async function maskFresh(fresh: readonly [string, Leaf & { by: Masked['by'] }][]): Promise<void> {
    if (fresh.length === 0) return;
    const texts = fresh.map(([, { text }]) => text);
    const whole = texts.join(BETWEEN);
    const first = joined([...held(whole), ...structural(whole)]);
    const rest = blanked(whole, first);
    const found = [...first, ...(await patterns(rest)), ...personal(rest)];
    const spans = perText(joined(found), texts).map((own, index) => {
      const [, leaf] = fresh[index] ?? [];
      return leaf?.isSecret ? joined([{ from: 0, to: leaf.text.length, kind: 'SECRET' }, ...own]) : own;
    });
    for (const [index, own] of spans.entries())
      for (const { from, to } of own) learn(texts[index]?.slice(from, to) ?? '');
    for (const [index, [key, { text, by }]] of fresh.entries()) {
      const { own, forged } = tokensIn(text, by);
      const all = joined([...(spans[index] ?? []), ...seenBefore(text), ...forged]);
      done.set(key, replaced(text, without(all, own)));
    }
  }

  function learn(value: string): void {
    if (value.length >= SHORTEST_LEARNED) learned.add(value);
  }

  const seenBefore = (text: string): Span[] =>
    learned.find(text).map((place) => ({ ...place, kind: 'SECRET' }));

  /** In the model's words a token that was given out stays one. */
  function tokensIn(text: string, by: Masked['by']): { own: Span[]; forged: Span[] } {
    const spans = [...text.matchAll(TOKEN)].map(({ 0: token, index }) => ({
      from: index,
      to: index + token.length,
      kind: 'LITERAL' as const,
      isOwn: by === 'model' && known.isKnown(token),
    }));
    return { own: spans.filter(({ isOwn }) => isOwn), forged: spans.filter(({ isOwn }) => !isOwn) };
  }

  function replaced(text: string, spans: readonly Span[]): string {
    let masked = '';
    let at = 0;
    for (const { from, to, kind } of spans) {
      masked += text.slice(at, from) + known.of(text.slice(from, to), kind);
      at = to;
    }
    return masked + text.slice(at);
  }

  return { mask, restored: known.restored, restoredText: known.restoredText };
}

const keyOf = ({ text, isSecret }: Leaf, by: Masked['by']): string => `${by} ${isSecret} ${text}`;

/** The text with blanks where something was found already, so that what comes after sees only the rest. */
function blanked(text: string, found: readonly Span[]): string {
  let at = 0;
  const parts: string[] = [];
  for (const { from, to } of found) {
    parts.push(text.slice(at, from), ' '.repeat(to - from));
    at = to;
  }
  return parts.join('') + text.slice(at);
}
