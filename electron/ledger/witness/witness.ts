/**
 * A witness is a place beyond the reach of whoever can change the data directory, which remembers the newest signed head
 * it was shown and takes only one that extends it. Against it even a data directory that was put back or replaced as a
 * whole, with every head that was kept in it, shows.
 */
import { Failure } from '../../platform/failure.ts';
import { type Checkpoint, readCheckpoint } from '../note.ts';
import { areSame } from '../tree.ts';
import type { SignedLog } from './signed-log.ts';

export type WitnessKind = 'folder' | 'https' | 's3';

export type Witness = {
  /** As the settings file names it. */
  name: string;
  kind: WitnessKind;
  /** The folder or address, without a secret. */
  where: string;
  /**
   * Returns when the witness remembers the head of the log.
   * @throws Failure `conflict` when it remembers what this log does not contain: that is a break of the ledger, and the
   *   witness was left as it is. Any other Failure means that it is behind, and that trying again may help.
   */
  push(log: SignedLog, signal: AbortSignal): Promise<void>;
  /** The signed head it holds, from a witness that can be read; undefined when it holds none. */
  held?(signal: AbortSignal): Promise<string | undefined>;
};

/**
 * What the head that a witness holds covers, once it is known that the log extends it.
 * @param says who holds it, to begin a sentence with, such as `The witness “usb” (/media/usb)`
 * @throws Failure `conflict` when the log does not extend it, `refused` when it was begun in the place of that one, `storage` when `held` is no signed head.
 */
export function demandExtends(held: string, log: SignedLog, says: string): Checkpoint {
  const older = readHeld(held, says);
  const { head } = log;
  if (older.origin === log.follows) {
    throw new Failure(
      'refused',
      `${says} holds a head of ${older.origin}, the log that this one took the place of. Keep what it holds, and give ` +
        'the new log a place of its own in witnesses.yaml.',
    );
  }
  if (older.origin !== head.origin) {
    throw new Failure(
      'conflict',
      `${says} holds a head of ${older.origin}, but this log is ${head.origin}: the data directory was replaced. ` +
        'Keep what the witness holds; if a new log was begun on purpose, give it a place of its own in witnesses.yaml.',
    );
  }
  if (older.size > head.size) {
    throw new Failure(
      'conflict',
      `${says} holds a head of ${older.size} entries, but only ${head.size} are signed here: the end was cut off, or an ` +
        `older copy was put back. ${KEEP_BOTH}`,
    );
  }
  if (!areSame(older.root, log.rootAt(older.size))) {
    throw new Failure(
      'conflict',
      `The first ${older.size} entries are not those that ${lowered(says)} holds a head of: history was changed and ` +
        `signed again. ${KEEP_BOTH}`,
    );
  }
  return older;
}

/** The conflict of a log in which nothing is signed with a head that a witness holds. */
export function goneFailure(held: string, says: string): Failure {
  const { origin, size } = readHeld(held, says);
  return new Failure(
    'conflict',
    `The log is gone: ${lowered(says)} holds a head of ${size} entries of ${origin}, and nothing is signed here. ${KEEP_BOTH}`,
  );
}

/** Begins a sentence about a witness. */
export const witnessSays = ({ name, where }: Pick<Witness, 'name' | 'where'>): string =>
  `The witness “${name}” (${where})`;

export const KEEP_BOTH =
  'Keep a copy of the data directory and of what the witness holds, and put back the data directory it was shown.';

function readHeld(held: string, says: string): Checkpoint {
  const checkpoint = readCheckpoint(held);
  if (checkpoint) return checkpoint;
  throw new Failure(
    'storage',
    `${says} holds a checkpoint that is no signed head, and it was left as it is. Find out who changed it, then put back ` +
      'the one that was there or give the witness another place in witnesses.yaml.',
  );
}

const lowered = (says: string): string => says.charAt(0).toLowerCase() + says.slice(1);
