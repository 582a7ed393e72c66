import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ReceivedKind } from '../../../shared/vocabulary/receiver-place.ts';
import { EVERY_SENDER, everySender, type SenderReport } from '../../../shared/vocabulary/receiver-sender.ts';
import { type Allowance, allowance } from '../../platform/allowance.ts';

/** A sender with what it proves itself by: the token it shows, or the key of its signatures (HMAC-SHA-256). */
export type SenderKey = {
  id: string;
  name: string;
  sends: readonly ReceivedKind[];
  secret: string;
  /** What was good before, and until when it still is (ms since the epoch). */
  previous?: { secret: string; untilMs: number };
};

/** One secret for all that is taken. */
export const oneSecretForAll = (secret: string, sends: readonly ReceivedKind[]): SenderKey => ({
  ...everySender(sends),
  secret,
});

/** Who a request comes from, as its secret proved. */
export type KnownSender = {
  id: string;
  name: string;
  sends: readonly ReceivedKind[];
  /** Of events: what one sends too much of is taken from no other. */
  events: Allowance;
};

type Held = { secret: string; digest: Buffer; sender: KnownSender; untilMs: number; isPrevious: boolean };
type Seen = Omit<SenderReport['senders'][number], 'id'>;

const MINUTE_MS = 60_000;
const unseen = (): Seen => ({
  taken: 0,
  lastMs: null,
  lastByPreviousMs: null,
  refused: 0,
  lastRefused: null,
});

/**
 * Who may send, and what came of each. INVARIANT: whatever is shown is compared with every secret there is, in one time
 * each, so that how long an answer takes tells nothing of any of them.
 */
export function senderBook(ports: {
  burst: number;
  perSecond: number;
  /** The time of the machine, in milliseconds since the epoch. */
  machineMs(): number;
}) {
  const sinceMs = ports.machineMs();
  let held: Held[] = [];
  const seen = new Map<string, Seen>();
  const strangers: SenderReport['strangers'] = { refused: 0, lastRefused: null };

  /** Adds a sender, or gives it other secrets; what came of it before stays, and of the others nothing changes. */
  function put({ id, name, sends, secret, previous }: SenderKey): void {
    const events = held.find(({ sender }) => sender.id === id)?.sender.events ?? freshAllowance();
    const sender: KnownSender = { id, name, sends, events };
    const one = (text: string, untilMs: number, isPrevious: boolean): Held => {
      return { secret: text, digest: digestOf(text), sender, untilMs, isPrevious };
    };
    held = [
      ...held.filter((other) => other.sender.id !== id),
      one(secret, Number.POSITIVE_INFINITY, false),
      ...(previous ? [one(previous.secret, previous.untilMs, true)] : []),
    ];
    if (!seen.has(id)) seen.set(id, unseen());
  }

  const freshAllowance = () =>
    allowance({ burst: ports.burst, perSecond: ports.perSecond, now: () => performance.now() });

  function remove(id: string): void {
    held = held.filter(({ sender }) => sender.id !== id);
    seen.delete(id);
  }

  /** What is over is forgotten for good, though the clock of the machine be put back. */
  function good(): Held[] {
    const nowMs = ports.machineMs();
    if (held.some(({ untilMs }) => untilMs <= nowMs)) held = held.filter(({ untilMs }) => untilMs > nowMs);
    return held;
  }

  function found(isOf: (one: Held) => boolean): { sender: KnownSender; holds(): boolean } | null {
    const all = good();
    // Every one is compared, also after one that fits.
    const [one] = all.filter((each) => isOf(each));
    if (!one) return null;
    const about = seen.get(one.sender.id);
    if (about && one.isPrevious) about.lastByPreviousMs = ports.machineMs();
    return {
      sender: one.sender,
      holds: () => good().some(({ sender, secret }) => sender.id === one.sender.id && secret === one.secret),
    };
  }

  return {
    put,
    remove,
    /** Whose token that is. `holds` tells later whether it is still good. */
    shown(token: string) {
      const digest = digestOf(token);
      return found((one) => timingSafeEqual(one.digest, digest));
    },
    /** Who made that signature of the body, in hex. */
    signed(body: Uint8Array, signature: string) {
      const given = Buffer.from(signature, 'hex');
      return found(({ secret }) =>
        timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given),
      );
    },
    taken(id: string): void {
      const about = seen.get(id);
      if (!about) return;
      about.taken += 1;
      about.lastMs = ports.machineMs();
    },
    /** `null` for a request of which nobody knows who sent it. The sentence repeats nothing that was sent. */
    refused(id: string | null, sentence: string): void {
      const about = id === null ? strangers : seen.get(id);
      if (!about) return;
      about.refused += 1;
      about.lastRefused = { atMs: ports.machineMs(), sentence };
    },
    report: (): SenderReport => ({
      sinceMs,
      senders: [...seen].map(([id, about]) => ({ id, ...about })),
      strangers: { ...strangers },
    }),
    /** About senders of which the last that came was refused, within the hour; null where there is none. */
    trouble(): string | null {
      const nowMs = ports.machineMs();
      const names = new Map(held.map(({ sender }) => [sender.id, sender]));
      const refused = [...seen].flatMap(([id, { lastMs, lastRefused }]) => {
        const sender = names.get(id);
        if (!sender || !lastRefused || lastRefused.atMs < (lastMs ?? 0)) return [];
        if (nowMs - lastRefused.atMs > 60 * MINUTE_MS) return [];
        const at = new Date(lastRefused.atMs).toISOString().slice(11, 16);
        const who = id === EVERY_SENDER ? 'What was sent' : `What “${sender.name}” sent`;
        return [`${who} at ${at} UTC was refused: ${lastRefused.sentence}`];
      });
      return refused.length === 0 ? null : refused.slice(0, 3).join(' ');
    },
  };
}
export type SenderBook = ReturnType<typeof senderBook>;

/** Digests have one length whatever was sent, so that comparing them takes one time. */
const digestOf = (text: string) => createHash('sha256').update(text).digest();
