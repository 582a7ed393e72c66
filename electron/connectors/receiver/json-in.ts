import { Refusal } from './refusal.ts';

/** Deeper than anybody's events are, and shallow enough for whoever walks through them. */
const MOST_DEPTH = 64;

/**
 * The value that a body holds. What the parser says of bad JSON quotes the body, so it goes no further.
 * @throws Refusal 400
 */
export function jsonIn(bytes: Uint8Array, what: string): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, `${what} is not UTF-8.`);
  }
  if (isDeep(bytes)) throw new Refusal(400, `${what} is nested more than ${MOST_DEPTH} levels deep.`);
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, `${what} is not JSON.`);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** By its brackets alone, those in strings left out. */
function isDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let isText = false;
  for (let place = 0; place < bytes.length; place++) {
    const byte = bytes[place] ?? 0;
    if (isText && byte === BACKSLASH) place += 1;
    else if (byte === QUOTE) isText = !isText;
    else if (isText) continue;
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}
