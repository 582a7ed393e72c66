import { Failure } from '../../platform/failure.ts';
import { type HttpReply, refusalOf, saidIn } from '../../platform/http-reply.ts';
import { readCheckpoint } from '../note.ts';
import { ask } from './ask.ts';
import { type CosignerKey, cosignaturesIn, withLines } from './cosignature.ts';
import type { SignedLog } from './signed-log.ts';
import { KEEP_BOTH, type Witness, witnessSays } from './witness.ts';

type HttpsOptions = {
  name: string;
  /** The submission prefix. */
  url: string;
  /** Of the witness; where it is known, an answer without its signature counts for nothing. */
  key?: CosignerKey | undefined;
  /** The newest head it signed, with its signatures: to keep, and to know where to go on. Nothing else depends on it. */
  kept: { read(): string | undefined; write(note: string): void };
  timeoutMs?: number;
};

/** A service that speaks C2SP `tlog-witness`: it checks that each head extends the one before, and signs it too. */
export function httpsWitness({ name, url, key, kept, timeoutMs = 15_000 }: HttpsOptions): Witness {
  const target = new URL(`${url.replace(/\/+$/, '')}/add-checkpoint`);
  const about = { name, where: url };
  const says = witnessSays(about);

  async function push(log: SignedLog, signal: AbortSignal): Promise<void> {
    const known = sizeKnown(log);
    const first = await submit(log, known, signal);
    if (first.status !== 409) return settle(first, log, known);
    const size = sizeToldIn(first, known, log);
    demandOneHistory(size, known, log);
    const second = await submit(log, size, signal);
    if (second.status !== 409) return settle(second, log, size);
    demandOneHistory(sizeToldIn(second, size, log), size, log);
    throw new Failure(
      'unreachable',
      `${says} knows another size of the log each time it is asked. It is asked again later.`,
    );
  }

  /** Only a beginning: the witness corrects it, so that a file that was put back or is gone does no harm. */
  function sizeKnown({ head }: SignedLog): number {
    const last = readCheckpoint(kept.read() ?? '');
    return last?.origin === head.origin && last.size <= head.size ? last.size : 0;
  }

  const submit = (log: SignedLog, oldSize: number, signal: AbortSignal): Promise<HttpReply> =>
    ask(
      {
        system: `The witness “${name}”`,
        url: target,
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: log.proofFrom(oldSize),
        timeoutMs,
        maxBytes: MOST_BYTES,
      },
      signal,
    );

  function sizeToldIn({ headers, text }: HttpReply, sent: number, { head }: SignedLog): number {
    const isSize = /^text\/x\.tlog\.size\b/.test(headers['content-type'] ?? '');
    const size = /^(0|[1-9][0-9]{0,15})\n?$/.test(text) ? Number(text) : Number.NaN;
    if (isSize && Number.isSafeInteger(size)) return size;
    // Of the size it was sent the witness knows another root, for which no number need be said.
    if (sent === head.size) throw forked(sent);
    throw new Failure(
      'bad_reply',
      `${says} refuses the head (409) without saying which size it knows. Is the address that of a witness?`,
    );
  }

  /** What the witness knows must be a beginning of this log. `sent` is the size it refused. */
  function demandOneHistory(size: number, sent: number, { head }: SignedLog): void {
    if (size > head.size) {
      throw new Failure(
        'conflict',
        `${says} signed a head of ${size} entries of this log, but only ${head.size} are signed here: the end was cut off, ` +
          `or an older copy was put back. ${KEEP_BOTH}`,
      );
    }
    if (size === head.size && size === sent) throw forked(size);
    if (size === sent) {
      throw new Failure(
        'bad_reply',
        `${says} refuses the very size it says it knows, ${size}. Tell whoever runs it.`,
      );
    }
  }

  const forked = (size: number): Failure =>
    new Failure(
      'conflict',
      `${says} signed another history: the first ${size} entries here are not those it knows. ${KEEP_BOTH}`,
    );

  function settle(reply: HttpReply, log: SignedLog, oldSize: number): void {
    const { status } = reply;
    // The proof was made from the log and is right for it, so the witness began from another root.
    if (status === 422) throw forked(oldSize);
    if (status === 404) {
      throw new Failure(
        'not_found',
        `${says} does not know this log (404). Give whoever runs it the file public-key of a bundle of "ledger export".`,
      );
    }
    if (status === 403) {
      throw new Failure(
        'unauthorized',
        `${says} does not know the key that signs this log (403). Tell whoever runs it the present key.${quoted(reply)}`,
      );
    }
    if (status !== 200) throw refusalOf(reply);
    const lines = cosignaturesIn(reply.text, log.note, key);
    if (lines.length === 0) {
      throw new Failure(
        'bad_reply',
        `${says} answered without ${key ? `a good signature by ${key.name}` : 'a signature'}, so nothing shows that it remembers the head. ` +
          'Compare its address and key with what whoever runs it publishes.',
      );
    }
    kept.write(withLines(log.note, lines));
  }

  return { ...about, kind: 'https', push };
}

const quoted = (reply: HttpReply): string => {
  const said = saidIn(reply, 100);
  return said === '' ? '' : ` It says: "${said}"`;
};

/** A few signature lines or a number; anything longer is not an answer. */
const MOST_BYTES = 32 * 1024;
