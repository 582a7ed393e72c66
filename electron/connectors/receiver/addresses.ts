import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import {
  isLoopback,
  type ReceiverAddress,
  type ReceiverPlace,
} from '../../../shared/vocabulary/receiver-place.ts';
import { Failure } from '../../platform/failure.ts';

type Interfaces = ReturnType<typeof networkInterfaces>;

/**
 * The address to listen at: loopback, or one that an interface of this machine has.
 * @throws Failure `bad_input` naming the interfaces there are.
 */
export function hostOf(
  place: Pick<ReceiverPlace, 'host'>,
  interfaces: Interfaces = networkInterfaces(),
): string {
  const { host } = place;
  if (isLoopback(host)) return host;
  const all = Object.entries(interfaces).map(([name, found = []]) => ({
    name,
    addresses: found.map(({ address }) => address).filter((address) => !address.startsWith('fe80:')),
  }));
  if (isIP(host) > 0 && all.some(({ addresses }) => addresses.includes(host))) return host;
  const named = all.find(({ name }) => name.toLowerCase() === host.toLowerCase());
  const address = named?.addresses.find((one) => isIP(one) === 4) ?? named?.addresses[0];
  if (address !== undefined) return address;
  const known = all.flatMap(({ name, addresses }) => (addresses[0] ? [`${name} (${addresses[0]})`] : []));
  throw new Failure(
    'bad_input',
    `This machine has no interface or address ${host}. It has ${known.join(', ') || 'none'}: put one of them into the receiver's URL.`,
  );
}

/** What to give to those who post. An interface that is gone keeps its name, and the source's status says so. */
export function addressesOf(
  place: ReceiverPlace,
  interfaces: Interfaces = networkInterfaces(),
): ReceiverAddress[] {
  const host = shownHost(place, interfaces);
  return place.takes.map((kind) => ({ kind, url: urlOf({ host, port: place.port }, kind) }));
}

export const urlOf = ({ host, port }: { host: string; port: number }, kind: string): string =>
  `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}/${kind}`;

function shownHost(place: ReceiverPlace, interfaces: Interfaces): string {
  try {
    return hostOf(place, interfaces);
  } catch (error) {
    if (error instanceof Failure) return place.host;
    throw error;
  }
}
