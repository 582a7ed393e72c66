/** What a masked text is, as its token says: `<EMAIL_3>` is the third address of a run. */
export type MaskedKind =
  /** A credential that Countersign itself holds. Neither it nor somebody else's is ever put back. */
  | 'HELD'
  | 'SECRET'
  | 'EMAIL'
  | 'PHONE'
  | 'CARD'
  | 'IBAN'
  | 'ID'
  | 'IP'
  | 'HOST'
  /** Text that only looks like a token: whoever writes `<EMAIL_3>` into a log line gets nobody's address put there. */
  | 'LITERAL';

/** A part of a text that must not leave: from the first character to the one before `to`. */
export type Span = { from: number; to: number; kind: MaskedKind };

/** Finds what must not leave in one text. Pure, and linear in the length of the text whatever the text is. */
export type Finder = (text: string) => Span[];

/**
 * Spans that touch no other, in order. INVARIANT: a character that any span covers is covered; where several overlap the
 * whole is one, of the kind that was given first. What is held stays by itself, since its kind tells whose it is.
 */
export function joined(spans: readonly Span[]): Span[] {
  // Most lines of a log have none, or one.
  if (spans.length < 2) return spans.filter(({ from, to }) => to > from);
  const held = merged(spans.filter(({ kind }) => kind === 'HELD'));
  const others = merged(spans.filter(({ kind }) => kind !== 'HELD'));
  return [...held, ...without(others, held)].sort((a, b) => a.from - b.from);
}

function merged(spans: readonly Span[]): Span[] {
  const ordered = spans
    .map((span, rank) => ({ ...span, rank }))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from || a.rank - b.rank);
  const whole: (Span & { rank: number })[] = [];
  for (const span of ordered) {
    const last = whole.at(-1);
    if (!last || span.from >= last.to) {
      whole.push({ ...span });
      continue;
    }
    last.to = Math.max(last.to, span.to);
    if (span.rank < last.rank) {
      last.rank = span.rank;
      last.kind = span.kind;
    }
  }
  return whole.map(({ from, to, kind }) => ({ from, to, kind }));
}

/** What is left of each span beside the holes; both in order and touching no other of their own. */
export function without(spans: readonly Span[], holes: readonly Pick<Span, 'from' | 'to'>[]): Span[] {
  if (holes.length === 0) return [...spans];
  const left: Span[] = [];
  let first = 0;
  for (const { from, to, kind } of spans) {
    let at = from;
    while ((holes[first]?.to ?? Number.POSITIVE_INFINITY) <= from) first++;
    for (let index = first; index < holes.length; index++) {
      const hole = holes[index];
      if (!hole || hole.from >= to) break;
      if (hole.from > at) left.push({ from: at, to: hole.from, kind });
      at = Math.max(at, hole.to);
    }
    if (at < to) left.push({ from: at, to, kind });
  }
  return left;
}

/** Every match of a pattern, or of one of its groups (with the flag `d`), that passes `holds`. */
export function matches(
  pattern: RegExp,
  kind: MaskedKind,
  holds: (found: string, whole: string) => boolean = () => true,
): Finder {
  return (text) => {
    const spans: Span[] = [];
    for (const match of text.matchAll(pattern)) {
      const [from, to] = match.indices?.slice(1).find((group) => group !== undefined) ?? [
        match.index,
        match.index + match[0].length,
      ];
      if (holds(text.slice(from, to), match[0])) spans.push({ from, to, kind });
    }
    return spans;
  };
}
