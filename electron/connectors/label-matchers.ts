/** One label matcher of PromQL and LogQL with its string in double quotes. */
const MATCHER = String.raw`[a-zA-Z_][a-zA-Z0-9_]*\s*(?:=~|!~|!=|=)\s*"(?:[^"\\\n]|\\.)*"`;
const MATCHERS = String.raw`\s*(${MATCHER}(?:\s*,\s*${MATCHER})*)\s*`;
const SELECTOR = new RegExp(String.raw`^(?:${MATCHERS}|\s*\{${MATCHERS}\}\s*)$`);

/**
 * The matchers of a selector as `namespace="shop"`, with or without braces around them, or null for any other text.
 * INVARIANT: what is returned stays within the braces that it is put in.
 */
export function matchersOf(selector: string): string | null {
  const [, bare, braced] = SELECTOR.exec(selector) ?? [];
  return bare ?? braced ?? null;
}
