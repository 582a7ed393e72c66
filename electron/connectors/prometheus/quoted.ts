/** A string of PromQL has the escapes of one in Go, which knows all that JSON writes, but half characters. */
export const quoted = (text: string): string => JSON.stringify(text.toWellFormed());
