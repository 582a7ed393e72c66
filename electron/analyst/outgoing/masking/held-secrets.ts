import { literals, SHORTEST_LITERAL } from './literals.ts';
import type { Finder, Span } from './span.ts';

/** As much of a secret as must stand right before a cut for it to be taken for that secret. */
const SHORTEST_CUT = 6;
const CUT = '…';

export type HeldSecrets = {
  /** From now on this text is found wherever it stands. */
  register(secret: string): void;
  find: Finder;
};

/** A beginning of a form, found by the characters that it ends with. */
type Beginning = { form: string; length: number };

/**
 * Exact matches of the secrets that are held: plain, as they stand in JSON, in a URL, in hex and in base64, also inside a
 * longer text that was encoded as a whole, and the beginning of one where a text was cut.
 */
export function heldSecrets(): HeldSecrets {
  const known = new Set<string>();
  const forms = literals('held');
  const beginnings = new Map<string, Beginning[]>();

  function addForm(form: string): void {
    if (form.length < SHORTEST_LITERAL || known.has(form)) return;
    known.add(form);
    forms.add(form);
    for (let length = SHORTEST_CUT; length < form.length; length++) {
      const end = form.slice(length - SHORTEST_CUT, length);
      beginnings.set(end, [...(beginnings.get(end) ?? []), { form, length }]);
    }
  }

  /** How much of the longest beginning of a form stands right before the cut. */
  function longestBefore(text: string, cut: number): number {
    const ending = beginnings.get(text.slice(Math.max(0, cut - SHORTEST_CUT), cut)) ?? [];
    return ending
      .filter(({ form, length }) => length <= cut && text.startsWith(form.slice(0, length), cut - length))
      .reduce((longest, { length }) => Math.max(longest, length), 0);
  }

  return {
    register(secret) {
      if (secret.length >= SHORTEST_LITERAL) for (const form of formsOf(secret)) addForm(form);
    },
    find(text) {
      const spans = forms.find(text).map((place): Span => ({ ...place, kind: 'HELD' }));
      for (let cut = text.indexOf(CUT); cut >= 0; cut = text.indexOf(CUT, cut + 1)) {
        const length = longestBefore(text, cut);
        if (length > 0) spans.push({ from: cut - length, to: cut, kind: 'HELD' });
      }
      return spans;
    },
  };
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  return [
    secret,
    inJson(secret),
    inJson(inJson(secret)),
    encodeURIComponent(secret.toWellFormed()),
    hex,
    hex.toUpperCase(),
    ...inBase64(bytes),
  ];
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

/**
 * Base64 (RFC 4648) encodes three bytes at a time, so what a secret looks like depends on where in the encoded text it
 * begins: three ways, each without the characters that its neighbours have a part in.
 */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const encoded = padded.toString('base64').replaceAll('=', '');
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((padded.length * 8) / 6);
    const own = encoded.slice(first, last);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
