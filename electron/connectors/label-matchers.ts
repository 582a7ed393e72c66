const MATCHED = String.raw`\s*(?:=~|!~|!=|=)\s*"(?:[^"\\\n]|\\.)*"`;
/** One label matcher of PromQL and LogQL with its string in double quotes. */
const MATCHER = `[a-zA-Z_][a-zA-Z0-9_]*${MATCHED}`;
/** The same with a label of any UTF-8, as PromQL alone has it since Prometheus 3; without an operator it were a metric. */
const QUOTED_MATCHER = String.raw`(?:[a-zA-Z_][a-zA-Z0-9_]*|"(?:[^"\\\n]|\\.)+")${MATCHED}`;

const SELECTOR = selectorOf(MATCHER);
const QUOTED_SELECTOR = selectorOf(QUOTED_MATCHER);

function selectorOf(matcher: string): RegExp {
  const matchers = String.raw`\s*(${matcher}(?:\s*,\s*${matcher})*)\s*`;
  return new RegExp(String.raw`^(?:${matchers}|\s*\{${matchers}\}\s*)$`);
}

/**
 * The matchers of a selector as `namespace="shop"`, with or without braces around them, or null for any other text.
 * INVARIANT: what is returned stays within the braces that it is put in.
 */
export const matchersOf = (selector: string): string | null => taken(SELECTOR, selector);

/** The same, where a label may stand in quotes: `"k8s.namespace.name"="shop"`. */
export const quotedMatchersOf = (selector: string): string | null => taken(QUOTED_SELECTOR, selector);

function taken(shape: RegExp, selector: string): string | null {
  const [, bare, braced] = shape.exec(selector) ?? [];
  return bare ?? braced ?? null;
}
