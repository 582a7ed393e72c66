/** What a name and a colon may be besides a secret and its value: part of a sentence, or an image of a container. */
import { matchAt } from './text-part.ts';

const MOST_SAID = 200;
const SAID = /(?:passw(?:or)?d|passphrase|pwd|secret)s?$/i;
const SAID_OF_LOOKS = /(?:token|api[-_ ]?key|cookie|credential)s?$/i;
const LOOKS_SECRET = /^["'`]?(?=[^\s"'`]*\d)(?=[^\s"'`]*[A-Za-z])[^\s"'`]{12}/;

/** Whether a sentence gives somebody's secret away: `password-reset-api: 12 errors` does not. */
export const isSaid = (name: string, text: string, valueAt: number): boolean =>
  SAID.test(name) ||
  (SAID_OF_LOOKS.test(name) && LOOKS_SECRET.test(text.slice(valueAt, valueAt + MOST_SAID)));

const IMAGE_TAG = /[\w.-]{1,128}(?:@sha256:[0-9a-f]{64})?(?=$|[\s"'`,;)\]}])/y;
const IMAGE_VERSION = /v?\d{1,6}(?:\.\d{1,10}){1,3}(?:[-+.]\w{1,64}){0,8}(?=$|[\s"'`,;)\]}@])/y;

/** `registry.example/auth:latest` and `sessions:1.42.0` name an image of a container, not a secret and its value. */
export const isImage = (text: string, nameAt: number, tagAt: number): boolean =>
  (text[nameAt - 1] === '/' && matchAt(IMAGE_TAG, text, tagAt) !== null) ||
  matchAt(IMAGE_VERSION, text, tagAt) !== null;
