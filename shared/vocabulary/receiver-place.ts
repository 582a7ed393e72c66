import { z } from 'zod';

/** What a receiver takes; each at an address of its own. */
export const ReceivedKind = z.enum(['events', 'alertmanager', 'github', 'argo-cd']);
export type ReceivedKind = z.infer<typeof ReceivedKind>;

export const ReceiverAddress = z.strictObject({ kind: ReceivedKind, url: z.string() });
export type ReceiverAddress = z.infer<typeof ReceiverAddress>;

/** Where a receiver listens: an address of this machine or the name of one of its interfaces, and what it takes there. */
export type ReceiverPlace = { host: string; port: number; takes: readonly ReceivedKind[] };

const pattern =
  /^http:\/\/(\[[0-9a-f:.]{2,45}\]|[a-z0-9][a-z0-9._-]{0,62}):([1-9]\d{0,4})(?:\/(events|alertmanager|github|argo-cd))?\/?$/i;

/** A receiver is not reached: its address is where it listens itself. With a path it takes that alone. */
export function receiverPlace(url: string): ReceiverPlace | null {
  const [, name = '', digits, path] = pattern.exec(url) ?? [];
  const port = Number(digits);
  if (name === '' || !(port <= 65_535)) return null;
  const host = name.toLowerCase() === 'localhost' ? '127.0.0.1' : name.replace(/^\[|\]$/g, '');
  const taken = ReceivedKind.safeParse(path?.toLowerCase());
  return { host, port, takes: taken.success ? [taken.data] : ReceivedKind.options };
}

export const isLoopback = (host: string): boolean => host === '127.0.0.1' || host === '::1';
/** Every interface at once, however it is written. */
const isEverywhere = (host: string): boolean => /^0+(\.0+)*$/.test(host) || /^[0:.]+$/.test(host);

const LEAST_TOKEN = 16;
/** Whoever is on the same network can try. */
const LEAST_TOKEN_OF_NETWORK = 32;

/** How long the secret of a sender must be at least, by where it is shown. */
export const leastSecretAt = ({ host }: Pick<ReceiverPlace, 'host'>): number =>
  isLoopback(host) ? LEAST_TOKEN : LEAST_TOKEN_OF_NETWORK;

/**
 * What is wrong with a receiver's address or with the one token for all its senders, where there is one, and what it must
 * be; null where nothing is.
 */
export function wrongReceiver(
  url: string,
  token?: string,
): { member: 'url' | 'auth'; message: string } | null {
  const place = receiverPlace(url);
  if (!place)
    return { member: 'url', message: 'where it listens, such as http://127.0.0.1:4319 or http://eth0:4319' };
  if (isEverywhere(place.host))
    return {
      member: 'url',
      message: `one interface and not all of them: put its name or address for ${place.host}, such as http://eth0:${place.port}, or listen on 127.0.0.1 behind a proxy`,
    };
  const least = leastSecretAt(place);
  if (token === undefined || token.length >= least) return null;
  return {
    member: 'auth',
    message: `a bearer token of at least ${least} characters, which senders show${least === LEAST_TOKEN ? '' : ', since it listens on a network'}`,
  };
}
