/**
 * The envelope of one realm: what of it is in force now, and its history in the log. The folder is looked at before each
 * use, so nothing is ever judged by an envelope that is not the one lying there; what is judged is what was read.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvelopeState } from '../../shared/vocabulary/envelope.ts';
import type { EnvelopeInForce } from '../guard/envelope/loaded-envelope.ts';
import {
  acceptanceEntries,
  againEntry,
  lastAccepted,
  noneEntry,
  stateOnRecord,
} from '../guard/envelope/on-record.ts';
import { type FolderStamp, folderStamp, isUnchanged } from '../guard/envelope/read-folder.ts';
import { expiryOf, inForceOf, type Judged, judgeFolder, type Trust } from '../guard/envelope/trust.ts';
import type { Ledger, NewEntry } from '../ledger/log.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import { trustIn } from './trust-in.ts';

export type EnvelopeDesk = ReturnType<typeof envelopeDesk>;

/** How soon a change is seen that nobody's use brings to light. */
const LOOK_EVERY_MS = 1_000;

export function envelopeDesk(ports: {
  /** Asked each time: an installation's own folder may come and go. */
  dir(): string;
  ledger: Ledger;
  clock: Clock;
  logger: Logger;
  /** The latest time in the log, as of when it was opened. */
  latestMs: number | undefined;
  /** The digest of what is in force now, or null, and a sentence about it. What was offered under another is void. */
  onChange(digest: string | null, sentence: string): void;
}) {
  const { dir, ledger, clock, logger, onChange } = ports;
  let latestMs = ports.latestMs ?? 0;
  let looked: Looked = {
    folder: '',
    stamp: null,
    trusted: '',
    judged: { kind: 'none', because: 'It was not read yet' },
  };
  const stopListening = ledger.onAppend((entries) => {
    for (const { at } of entries) latestMs = Math.max(latestMs, Date.parse(at));
  });
  // By the machine's time: the clock of drills may be stepped through hours at once.
  const timer = setInterval(lookQuietly, LOOK_EVERY_MS).unref();

  function lookQuietly(): void {
    try {
      look();
    } catch (error) {
      logger.error({ error: messageOf(error) }, 'the envelope could not be looked at');
    }
  }

  const nowMs = () => Math.max(clock.now(), latestMs);
  const trust = (): Trust => ({ ...trustIn(ledger), nowMs: nowMs() });

  /** The stamp is taken before the folder is read: whatever changes meanwhile is seen at the next look. */
  function read(): Looked {
    const folder = dir();
    const stamp = folderStamp(folder);
    const by = trust();
    return { folder, stamp, trusted: nameOf(by), judged: judgeFolder(folder, by) };
  }

  /** Whether what was judged last still lies there, is judged by the same and has not expired. */
  function isCurrent(): boolean {
    const { folder, stamp, trusted, judged } = looked;
    return (
      folder === dir() &&
      isUnchanged(stamp, folderStamp(folder)) &&
      trusted === nameOf(trust()) &&
      (judged.kind === 'none' || expiryOf(judged.loaded, nowMs()) === undefined)
    );
  }

  /** INVARIANT: a change is on record before anything is judged by what changed; a log that cannot be written throws. */
  function look(): Judged {
    if (isCurrent()) return looked.judged;
    const now = read();
    const was = digestIn(looked.judged);
    const is = digestIn(now.judged);
    const isFirst = looked.folder === '';
    if (was !== is || isFirst) recordIfBegun(now.judged);
    looked = now;
    if (was !== is || isFirst) onChange(is, sentenceOf(now.judged));
    return now.judged;
  }

  /** A log that nothing was recorded in yet begins with its first incident, or with an envelope of one's own. */
  function recordIfBegun(judged: Judged): void {
    const isOwn = judged.kind === 'in-force' && judged.trustedAs !== 'publisher';
    if (isOwn || ledger.head().size > 0) record(judged);
  }

  /** What is in force stands whole in the log, once for each version; so does that nothing is. */
  function record(judged: Judged): void {
    const entries = entriesFor(judged);
    if (entries.length > 0) ledger.record(entries);
  }

  function entriesFor(judged: Judged): NewEntry[] {
    const said = stateOnRecord(ledger);
    if (judged.kind === 'none') {
      const isKnown = said?.kind === 'none' && said.because === judged.because;
      return isKnown ? [] : [noneEntry(judged.because)];
    }
    const { digest, envelope } = judged.loaded;
    if (lastAccepted(ledger)?.digest !== digest) return acceptanceEntries(judged);
    return said?.kind === 'in-force' ? [] : [againEntry(envelope.version, digest)];
  }

  return {
    /**
     * Reads it for the first time. To prepare its policies takes long enough for a stop to be noticed late, so it is done
     * before anybody can act and not in the middle of what they do first.
     */
    begin: lookQuietly,
    /** What the guard judges by, as of now. */
    inForce: (): EnvelopeInForce => inForceOf(look()),
    judged: look,
    dir,
    trust,
    /** Puts what is in force on record, also in a log that begins with it. */
    record: (): void => record(look()),
    state(): EnvelopeState {
      const judged = look();
      if (judged.kind === 'none') return judged;
      const { envelope, digest } = judged.loaded;
      return { kind: 'in-force', version: envelope.version, digest };
    },
    close(): void {
      clearInterval(timer);
      stopListening();
    },
  };
}

type Looked = { folder: string; stamp: FolderStamp | null; trusted: string; judged: Judged };

/** What a judgement rests on besides the folder and the time. */
const nameOf = ({ last, installation }: Trust): string => JSON.stringify([last?.digest, installation]);

/**
 * An installation's own envelope where there is one, else the default that came with Countersign. A link or a file in its
 * place is not nothing: it must not bring back the default.
 */
export function envelopeDirOf(dataDir: string, resourcesDir: string): string {
  const own = join(dataDir, 'envelope');
  return lstatSync(own, { throwIfNoEntry: false }) ? own : defaultEnvelopeDir(resourcesDir);
}

export const defaultEnvelopeDir = (resourcesDir: string): string => join(resourcesDir, 'envelope');

const digestIn = (judged: Judged): string | null =>
  judged.kind === 'in-force' ? judged.loaded.digest : null;

const sentenceOf = (judged: Judged): string =>
  judged.kind === 'in-force'
    ? `version ${judged.loaded.envelope.version} is in force`
    : `none is in force. ${judged.because}`;
