import { createHash, createSign, type KeyObject, randomBytes } from 'node:crypto';

/** Whoever signs a certificate, by the name that stands in its own. */
export type Signatory = { name: string; privateKey: KeyObject };

/** What a certificate may be used for. */
export type Usage = 'authority' | 'server' | 'client' | 'own-authority';

/**
 * A certificate in PEM. Node makes keys but no certificates: this writes the few fields of X.509 (RFC 5280 §4.1) in DER
 * (X.690), for P-256 keys.
 */
export function certificateOf(about: {
  name: string;
  publicKey: KeyObject;
  by: Signatory;
  usage: Usage;
  /** Names and addresses of a server. */
  hosts: readonly Host[];
  fromMs: number;
  toMs: number;
}): string {
  const { name, publicKey, by, usage, hosts, fromMs, toMs } = about;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const algorithm = sequence(objectId(1, 2, 840, 10045, 4, 3, 2));
  // A positive number of 16 bytes.
  const serial = Buffer.concat([Buffer.of(0x40), randomBytes(15)]);
  const isAuthority = usage === 'authority' || usage === 'own-authority';
  const extensions = sequence(
    extension(objectId(2, 5, 29, 19), true, sequence(...(isAuthority ? [tlv(0x01, Buffer.of(0xff))] : []))),
    extension(
      objectId(2, 5, 29, 15),
      true,
      tlv(0x03, isAuthority ? Buffer.of(0x02, 0x84) : Buffer.of(0x07, 0x80)),
    ),
    ...(usage === 'authority' ? [] : [extension(objectId(2, 5, 29, 37), false, sequence(purpose[usage]))]),
    extension(objectId(2, 5, 29, 14), false, tlv(0x04, createHash('sha1').update(spki).digest())),
    ...(hosts.length === 0
      ? []
      : [extension(objectId(2, 5, 29, 17), false, sequence(...hosts.map(hostName)))]),
  );
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, serial),
    algorithm,
    distinguished(by.name),
    sequence(time(fromMs), time(toMs)),
    distinguished(name),
    spki,
    tlv(0xa3, extensions),
  );
  const signature = createSign('sha256').update(body).sign(by.privateKey);
  const certificate = sequence(body, algorithm, tlv(0x03, Buffer.concat([Buffer.of(0), signature])));
  return `-----BEGIN CERTIFICATE-----\n${certificate
    .toString('base64')
    .replaceAll(/(.{64})/g, '$1\n')
    .trim()}\n-----END CERTIFICATE-----\n`;
}

export type Host = { ipv4: readonly [number, number, number, number] } | { dns: string };

/** 127.0.0.1, under both of its names. */
export const loopbackHosts: readonly Host[] = [{ ipv4: [127, 0, 0, 1] }, { dns: 'localhost' }];

const hostName = (host: Host): Buffer =>
  'dns' in host ? tlv(0x82, Buffer.from(host.dns)) : tlv(0x87, Buffer.from(host.ipv4));

function tlv(tag: number, content: Uint8Array): Buffer {
  const length = content.length;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...bytes), content]);
}

const sequence = (...parts: Uint8Array[]) => tlv(0x30, Buffer.concat(parts));
const set = (...parts: Uint8Array[]) => tlv(0x31, Buffer.concat(parts));
const utf8 = (text: string) => tlv(0x0c, Buffer.from(text));
const distinguished = (name: string) => sequence(set(sequence(objectId(2, 5, 4, 3), utf8(name))));

function objectId(first: number, second: number, ...rest: number[]): Buffer {
  const base128 = (arc: number): number[] => {
    const digits = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  };
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

const purpose = {
  server: objectId(1, 3, 6, 1, 5, 5, 7, 3, 1),
  client: objectId(1, 3, 6, 1, 5, 5, 7, 3, 2),
  'own-authority': objectId(1, 3, 6, 1, 5, 5, 7, 3, 1),
};

const extension = (id: Uint8Array, critical: boolean, value: Uint8Array) =>
  sequence(id, ...(critical ? [tlv(0x01, Buffer.of(0xff))] : []), tlv(0x04, value));

/** GeneralizedTime, whatever the year: a drill may be set in any. */
const time = (atMs: number) =>
  tlv(0x18, Buffer.from(`${new Date(atMs).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`));
