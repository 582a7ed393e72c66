import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Failure } from './failure.ts';

/**
 * Addresses that no connection may point at: link-local ones (RFC 3927, RFC 4291 §2.5.6) and those under which clouds
 * hand out the machine's own credentials. Private networks and loopback stay allowed; that is where telemetry lives.
 */
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addAddress('100.100.100.200', 'ipv4');
forbidden.addAddress('192.0.0.192', 'ipv4');
forbidden.addAddress('fd00:ec2::254', 'ipv6');
forbidden.addAddress('fd20:ce::254', 'ipv6');

const forbiddenNames = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
]);

/** Whether somebody forbade a host besides, by its name or by the address that it resolves to. */
export type Refuses = (host: string) => boolean;

/** Throws `refused` when the address itself says that it is forbidden; names are checked again once resolved. */
export function refuseForbiddenAddress(url: URL, refuses: Refuses = () => false): void {
  const host = hostOf(url);
  if (refuses(host.toLowerCase())) throw refusedBy(host);
  if (forbiddenNames.has(host.toLowerCase()) || isForbiddenAddress(host)) throw refusal(host);
}

/**
 * A name lookup for sockets. INVARIANT: what was checked is what is connected to, so that a name which answers
 * differently the second time cannot lead to a forbidden address.
 */
export const guardedLookup =
  (refuses: Refuses = () => false): LookupFunction =>
  (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      if (addresses.some(({ address }) => isForbiddenAddress(address)))
        return callback(refusal(hostname), []);
      if (addresses.some(({ address }) => refuses(address))) return callback(refusedBy(hostname), []);
      if (options.all) return callback(null, addresses);
      const first = addresses[0];
      if (!first) return callback(new Error(`${hostname} has no address`), []);
      return callback(null, first.address, first.family);
    });
  };

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

function isForbiddenAddress(host: string): boolean {
  const family = isIP(host.split('%')[0] ?? '');
  if (family === 0) return false;
  return forbidden.check(host.split('%')[0] ?? '', family === 4 ? 'ipv4' : 'ipv6');
}

const refusal = (host: string) =>
  new Failure(
    'refused',
    `${host} is a link-local or cloud metadata address, which Countersign never connects to. Enter the address of the system itself.`,
  );

const refusedBy = (host: string) =>
  new Failure('refused', `${host} is among the hosts that the envelope refuses (reads.refusedHosts).`);
