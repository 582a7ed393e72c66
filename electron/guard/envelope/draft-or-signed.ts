import { Failure } from '../../platform/failure.ts';
import { loadEnvelope, loadFolder } from './load-envelope.ts';
import type { LoadedEnvelope } from './loaded-envelope.ts';
import { readFolder } from './read-folder.ts';
import { signedManifest } from './trust.ts';

/**
 * The envelope in a folder to look at: under the digest that was signed, or, with why it is not, as the draft that it is.
 * @throws Failure `bad_input` where it does not hold as a draft either.
 */
export function draftOrSigned(dir: string): { loaded: LoadedEnvelope; unsigned: string | null } {
  const folder = readFolder(dir);
  try {
    return { loaded: loadFolder(folder, signedManifest(folder).digest), unsigned: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { loaded: loadEnvelope(dir), unsigned: error.message };
  }
}
