import { withoutSecrets } from '../../platform/hide-secrets.ts';
import { givesSecret, HIDDEN, namesSecret } from '../../platform/secret-names.ts';
import { bounded } from '../bounded.ts';

const MOST_CHARACTERS = 300;

/** The beginning of a longer text without what is likely a secret in it, which is hidden before anything is cut off. */
export const shownText = (text: string): string =>
  bounded(withoutSecrets(text, { isFile: true }), MOST_CHARACTERS);

/**
 * What may be shown of one field of an object. Values of variables and of header fields never are, for nobody can tell
 * which of them is a secret; of everything else what is named like one is not.
 */
export const shownField = (path: readonly string[], value: string, before: string | undefined): string =>
  isHiddenField(path, before) ? HIDDEN : shownText(value);

/** The rule by itself, whatever the value is; `before` is what stands before it in a list. */
export function isHiddenField(path: readonly string[], before: string | undefined): boolean {
  const [leaf = '', parent = ''] = [path.at(-1), path.at(-3)];
  if (leaf === 'value' && (parent === 'env' || parent === 'httpHeaders')) return true;
  if (path[0] === 'binaryData') return true;
  if (path[0] === 'data' && namesSecret(leaf)) return true;
  if (path.includes('annotations') && namesSecret(leaf)) return true;
  return givesSecret(before);
}
