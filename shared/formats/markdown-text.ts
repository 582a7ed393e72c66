/**
 * Text from outside stays text: what Markdown or HTML would act on is escaped, and a line stays a line. An underscore
 * inside a word emphasises nothing (CommonMark 6.2), so names of metrics stay readable.
 */
export const markdownText = (value: string): string =>
  value
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/[\\`*[\]<>#|!]|(?<![a-z0-9])_|_(?![a-z0-9])/gi, (character) => `\\${character}`);
