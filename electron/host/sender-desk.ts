import { randomBytes } from 'node:crypto';
import type { Connection } from '../../shared/vocabulary/connection.ts';
import type { ConnectionId } from '../../shared/vocabulary/ids.ts';
import type {
  NewSender,
  ReceiverSender,
  SenderId,
  SenderReport,
  SenderWithSecret,
} from '../../shared/vocabulary/receiver-sender.ts';
import type { Receiver } from '../connectors/receiver/receiver.ts';
import type { SenderKey } from '../connectors/receiver/sender-book.ts';
import type { Ledger } from '../ledger/log.ts';
import { Failure } from '../platform/failure.ts';
import { randomIds } from '../platform/ids.ts';
import type { ConnectionRepository } from '../store/connection-repository.ts';
import { demandSenders, placeOf } from './receiver-connection.ts';
import type { SealedSender, SenderSecrets } from './sender-secrets.ts';

const HOUR_MS = 3_600_000;

type Ports = {
  repository: ConnectionRepository;
  secrets: SenderSecrets;
  ledger: Ledger;
  /** @throws Failure `not_found` */
  find(id: string): Connection;
  /** The receiver as it listens, where it does. */
  listening(id: string): Receiver | undefined;
  person(): string;
  /** Told each secret, so that it never reaches a log line. */
  onSecret(secret: string): void;
  /** The machine's own time, in milliseconds since the epoch. */
  nowMs(): number;
};

/**
 * Who may post to a receiver. Each sender is added, given another secret and revoked by itself, on record, and while the
 * receiver listens: nothing of what comes from the others is lost by it.
 */
export function senderDesk(ports: Ports) {
  const { repository, secrets, nowMs } = ports;

  function add(id: ConnectionId, { name, sends, secret }: NewSender): SenderWithSecret {
    const receiver = changeable(id);
    const sealed = { secret: secret || newSecret() };
    const sender: ReceiverSender = { id: randomIds('snd'), name, sends, sinceMs: nowMs() };
    keep(receiver, 'added', sender, sealed);
    return { sender, secret: secret ? null : sealed.secret };
  }

  /** @param overlapHours for how long the secret it has now stays good; what was good before that one is over. */
  function rotate(
    id: ConnectionId,
    senderId: SenderId,
    { overlapHours, secret }: { overlapHours: number; secret?: string | undefined },
  ): SenderWithSecret {
    const receiver = changeable(id);
    const known = senderOf(receiver, senderId);
    const before = secrets.get(receiver, known);
    const untilMs = nowMs() + overlapHours * HOUR_MS;
    const isKept = overlapHours > 0;
    const sealed: SealedSender = {
      secret: secret || newSecret(),
      ...(isKept ? { previous: { secret: before.secret, untilMs } } : {}),
    };
    const { name, sends } = known;
    if (sealed.secret === before.secret)
      throw new Failure('bad_input', `“${name}” has that secret already: give it another.`);
    const sender: ReceiverSender = {
      id: senderId,
      name,
      sends,
      sinceMs: nowMs(),
      ...(isKept ? { previousUntilMs: untilMs } : {}),
    };
    try {
      keep(receiver, 'given another secret', sender, sealed);
    } catch (error) {
      // What was not recorded did not happen: nobody was shown the new one.
      secrets.put(id, senderId, before);
      throw error;
    }
    return { sender, secret: secret ? null : sealed.secret };
  }

  function keep(receiver: Connection, change: string, sender: ReceiverSender, sealed: SealedSender): void {
    const key: SenderKey = { id: sender.id, name: sender.name, sends: sender.sends, ...sealed };
    const known = receiver.senders ?? [];
    const others = known.filter((one) => one.id !== sender.id);
    const otherKeys = secrets.keysOf({ ...receiver, senders: others }, nowMs());
    demandSenders(placeOf(receiver), receiver.name, [...otherKeys, key]);
    ports.onSecret(sealed.secret);
    const senders =
      others.length === known.length
        ? [...known, sender]
        : known.map((one) => (one.id === sender.id ? sender : one));
    record(receiver, change, sender, () => {
      secrets.put(receiver.id, sender.id, sealed);
      repository.replace({ ...receiver, auth: 'senders', senders });
    });
    ports.listening(receiver.id)?.senders.put(key);
  }

  function revoke(id: ConnectionId, senderId: SenderId): void {
    const receiver = changeable(id);
    const sender = senderOf(receiver, senderId);
    const senders = (receiver.senders ?? []).filter((one) => one.id !== senderId);
    record(receiver, 'revoked', sender, () => repository.replace({ ...receiver, auth: 'senders', senders }));
    ports.listening(id)?.senders.remove(senderId);
    secrets.remove(id, senderId);
  }

  function record(
    { id, kind, name }: Connection,
    change: string,
    { id: sender, name: called, sends, previousUntilMs }: ReceiverSender,
    also: () => void,
  ): void {
    const until =
      previousUntilMs === undefined ? {} : { previousUntil: new Date(previousUntilMs).toISOString() };
    ports.ledger.record(
      {
        kind: 'connection',
        actor: { kind: 'person', name: ports.person() },
        body: {
          changed: id,
          system: kind,
          name,
          sender: { id: sender, name: called, sends, change, ...until },
        },
      },
      also,
    );
  }

  /** @throws Failure `refused` for one whose senders stand in a file. */
  function changeable(id: ConnectionId): Connection {
    const { listensAt: _shown, ...receiver } = ports.find(id);
    if (receiver.kind !== 'receiver')
      throw new Failure('bad_input', `“${receiver.name}” is no receiver: nobody posts to it`);
    if (receiver.from === 'file')
      throw new Failure(
        'refused',
        `“${receiver.name}” comes from connections.yaml: change its senders there and start again`,
      );
    return receiver;
  }

  function report(id: ConnectionId): SenderReport | null {
    return ports.listening(ports.find(id).id)?.senders.report() ?? null;
  }

  return { add, rotate, revoke, report };
}

function senderOf({ name, senders = [] }: Connection, id: SenderId): ReceiverSender {
  const found = senders.find((one) => one.id === id);
  if (!found) throw new Failure('not_found', `“${name}” has no sender ${id}`);
  return found;
}

/** 256 bits, in letters that every header and every form takes. */
const newSecret = (): string => randomBytes(32).toString('base64url');
