import type { MaskedKind } from './span.ts';

/** How a masked text looks to the model, and to whoever reads what was sent. */
export const TOKEN = /<(HELD|SECRET|EMAIL|PHONE|CARD|IBAN|ID|IP|HOST|LITERAL)_(\d{1,9})>/g;

export type Tokens = ReturnType<typeof tokens>;

/** One token a value, as long as these live: the model can tell that two lines name the same person. */
export function tokens() {
  const byValue = new Map<string, string>();
  const byToken = new Map<string, { value: string; kind: MaskedKind }>();
  const given = new Map<MaskedKind, number>();

  const restoredText = (text: string): string =>
    text.replace(TOKEN, (token) => {
      const known = byToken.get(token);
      return known === undefined || STAYS_MASKED.has(known.kind) ? token : known.value;
    });

  return {
    of(value: string, kind: MaskedKind): string {
      const known = byValue.get(value);
      if (known !== undefined) return known;
      const count = (given.get(kind) ?? 0) + 1;
      given.set(kind, count);
      const token = `<${kind}_${count}>`;
      byValue.set(value, token);
      byToken.set(token, { value, kind });
      return token;
    },
    isKnown: (token: string): boolean => byToken.has(token),
    /** What each token stands for, but for secrets: they stay tokens wherever the text goes. */
    restoredText,
    /** The same in every string of a JSON value, names of members among them. */
    restored: <T>(value: T): T => restoredValue(value, restoredText) as T,
  };
}

/** Whatever is restored may be stated, and then stands in a ledger that nobody can change, in reports and in exports. */
const STAYS_MASKED: ReadonlySet<MaskedKind> = new Set(['HELD', 'SECRET']);

function restoredValue(value: unknown, text: (masked: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((inner) => restoredValue(inner, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [text(name), restoredValue(inner, text)]),
  );
}

/** How many different values of each kind are masked in a text, as a token each. */
export function maskedIn(text: string): Partial<Record<MaskedKind, number>> {
  const seen = new Set<string>();
  const counts: Partial<Record<MaskedKind, number>> = {};
  for (const [token, kind] of text.matchAll(TOKEN)) {
    if (seen.has(token)) continue;
    seen.add(token);
    const known = kind as MaskedKind;
    counts[known] = (counts[known] ?? 0) + 1;
  }
  return counts;
}
