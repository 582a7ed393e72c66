import type { Found } from './anchored-pattern.ts';

/**
 * A template with the groups that a pattern found put in, as Go's `Regexp.Expand` does (https://pkg.go.dev/regexp): `$name` as
 * far as letters, digits and `_` go, `${name}`, `$$` for a dollar. A `$` before anything else stands for itself.
 */
export const expanded = (template: string, found: Found): string =>
  template.replaceAll(
    /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
    (_whole, dollar: string | undefined, braced: string | undefined, bare: string | undefined) =>
      dollar ?? found.group(braced ?? bare ?? ''),
  );
