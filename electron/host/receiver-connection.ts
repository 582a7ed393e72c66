import type { Connection, NewConnection } from '../../shared/vocabulary/connection.ts';
import {
  leastSecretAt,
  ReceivedKind,
  type ReceiverPlace,
  receiverPlace,
  wrongReceiver,
} from '../../shared/vocabulary/receiver-place.ts';
import { MOST_SENDERS, type ReceiverSender } from '../../shared/vocabulary/receiver-sender.ts';
import { addressesOf } from '../connectors/receiver/addresses.ts';
import { oneSecretForAll, type SenderKey } from '../connectors/receiver/sender-book.ts';
import { Failure } from '../platform/failure.ts';

/** A receiver with the secrets of its senders, from wherever each was read. */
export type GivenReceiver = { kind: 'receiver'; name: string; url: string; senders: SenderKey[] };

/** One bearer token is one sender of all; without one nobody may send yet. Whether it holds is checked when it is connected. */
export function givenReceiver({
  name,
  url,
  auth,
}: Pick<NewConnection, 'name' | 'url' | 'auth'>): GivenReceiver {
  const token = auth.kind === 'bearer' ? auth.token : '';
  const takes = receiverPlace(url)?.takes ?? ReceivedKind.options;
  const senders = auth.kind === 'none' ? [] : [oneSecretForAll(token, takes)];
  return { kind: 'receiver', name, url, senders };
}

/** @throws Failure `bad_input`: files are not checked as forms are. */
export function placeOf({ name, url }: { name: string; url: string }): ReceiverPlace {
  const place = receiverPlace(url);
  const wrong = wrongReceiver(url);
  if (wrong || !place)
    throw new Failure(
      'bad_input',
      `The ${wrong?.member ?? 'url'} of “${name}” must be ${wrong?.message ?? ''}.`,
    );
  return place;
}

/**
 * What senders must be to one another, so that each secret tells who sends and opens its own addresses alone.
 * @throws Failure `bad_input` naming the sender, never a secret.
 */
export function demandSenders(place: ReceiverPlace, receiver: string, senders: readonly SenderKey[]): void {
  const bad = (sender: string, why: string) =>
    new Failure('bad_input', `The sender “${sender}” of “${receiver}” ${why}.`);
  if (senders.length > MOST_SENDERS)
    throw new Failure(
      'bad_input',
      `“${receiver}” has ${senders.length} senders: ${MOST_SENDERS} are the most.`,
    );
  const least = leastSecretAt(place);
  const names = new Set<string>();
  const secrets = new Map<string, string>();
  for (const { id, name, sends, secret, previous } of senders) {
    if (names.has(name.toLowerCase())) throw bad(name, 'is there already: call it something else');
    names.add(name.toLowerCase());
    const other = sends.find((kind) => !place.takes.includes(kind));
    if (other) throw bad(name, `may not send to /${other}, which is not taken at this address`);
    for (const one of [secret, ...(previous ? [previous.secret] : [])]) {
      if (one.length < least) throw bad(name, `needs a secret of at least ${least} characters`);
      if (!/^[\x21-\x7e]+$/.test(one))
        throw bad(name, 'needs a secret of letters, digits and signs, without spaces');
      const whose = secrets.get(one);
      if (whose !== undefined)
        throw bad(
          name,
          whose === id ? 'has that secret already: give it another' : 'needs a secret that no other has',
        );
      secrets.set(one, id);
    }
  }
}

/** What is stored and shown of the senders: no secret. */
export const shownSenders = (senders: readonly SenderKey[], sinceMs: number | null): ReceiverSender[] =>
  senders.map(({ id, name, sends, previous }) => ({
    id,
    name,
    sends: [...sends],
    sinceMs,
    ...(previous ? { previousUntilMs: previous.untilMs } : {}),
  }));

/** With the addresses that its senders need. */
export const withAddresses = (connection: Connection): Connection => {
  const place = connection.kind === 'receiver' ? receiverPlace(connection.url) : null;
  return place ? { ...connection, listensAt: addressesOf(place) } : connection;
};
