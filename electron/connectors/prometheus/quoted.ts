/**
 * A string of PromQL has the escapes of one in Go, which knows all that JSON writes, but half characters. U+FFFD stands for
 * them, and is written as an escape: Prometheus takes the character itself for a byte that is no UTF-8, and refuses the query.
 */
export const quoted = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replaceAll('\ufffd', '\\ufffd');

/** A text as the pattern (RE2) that fits it alone. */
export const literal = (text: string): string => text.replace(/[\\.*+?^${}()|[\]]/g, '\\$&');
