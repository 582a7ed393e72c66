/**
 * INVARIANT: text from outside is shown as text and shows everything that is in it. Characters that steer rather than
 * show (C0 and C1 controls, bidirectional controls of UAX #9, zero-width and tag characters, line separators, lone
 * surrogates) are written out as escapes, so that what is read is what is there. Line feed and tab stay where a text
 * may have lines.
 */
export function inertText(text: string): string {
  return text.replace(STEERING, (character) => `\\u{${hex(character)}}`);
}

/** The same for one line: line feeds and tabs are written out too. */
export function inertLine(text: string): string {
  return inertText(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/**
 * The same for JSON, with escapes that JSON knows: it means what it meant, and shows a terminal nothing to act on. Outside
 * its strings JSON holds none of these characters.
 */
export function inertJson(json: string): string {
  return json.replace(STEERING, (character) =>
    Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

const hex = (character: string) => (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');

/** Cc without tab and line feed, Cf (which holds every bidi, zero-width and tag character), Zl, Zp, Cs, Co. */
const STEERING = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;
