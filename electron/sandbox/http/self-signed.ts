import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

/**
 * A key and a certificate for 127.0.0.1, made anew for each drill. Kubernetes clients send a bearer token over TLS only
 * (client-go drops it, @kubernetes/client-node refuses), so the simulated API server needs one, and Node makes keys but
 * no certificates: this writes the few fields of X.509 (RFC 5280 §4.1) in DER (X.690).
 */
export function selfSigned(nowMs: number): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const dayMs = 86_400_000;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const keyId = createHash('sha1').update(spki).digest();
  const name = sequence(set(sequence(objectId(2, 5, 4, 3), utf8('countersign sandbox'))));
  const algorithm = sequence(objectId(1, 2, 840, 10045, 4, 3, 2));
  // A positive number of 16 bytes.
  const serial = Buffer.concat([Buffer.of(0x40), randomBytes(15)]);

  const extensions = sequence(
    // This certificate is its own authority and the server's at once.
    extension(objectId(2, 5, 29, 19), true, sequence(tlv(0x01, Buffer.of(0xff)))),
    extension(objectId(2, 5, 29, 15), true, tlv(0x03, Buffer.of(0x02, 0x84))),
    extension(objectId(2, 5, 29, 37), false, sequence(objectId(1, 3, 6, 1, 5, 5, 7, 3, 1))),
    extension(objectId(2, 5, 29, 14), false, tlv(0x04, keyId)),
    extension(
      objectId(2, 5, 29, 17),
      false,
      sequence(tlv(0x87, Buffer.of(127, 0, 0, 1)), tlv(0x82, Buffer.from('localhost'))),
    ),
  );
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, serial),
    algorithm,
    name,
    sequence(time(nowMs - dayMs), time(nowMs + 30 * dayMs)),
    name,
    spki,
    tlv(0xa3, extensions),
  );
  const signature = createSign('sha256').update(body).sign(privateKey);
  const certificate = sequence(body, algorithm, tlv(0x03, Buffer.concat([Buffer.of(0), signature])));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate
      .toString('base64')
      .replaceAll(/(.{64})/g, '$1\n')
      .trim()}\n-----END CERTIFICATE-----\n`,
  };
}

function tlv(tag: number, content: Uint8Array): Buffer {
  const length = content.length;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...bytes), content]);
}

const sequence = (...parts: Uint8Array[]) => tlv(0x30, Buffer.concat(parts));
const set = (...parts: Uint8Array[]) => tlv(0x31, Buffer.concat(parts));
const utf8 = (text: string) => tlv(0x0c, Buffer.from(text));

function objectId(first: number, second: number, ...rest: number[]): Buffer {
  const base128 = (arc: number): number[] => {
    const digits = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  };
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

const extension = (id: Uint8Array, critical: boolean, value: Uint8Array) =>
  sequence(id, ...(critical ? [tlv(0x01, Buffer.of(0xff))] : []), tlv(0x04, value));

/** GeneralizedTime, whatever the year: a drill may be set in any. */
const time = (atMs: number) =>
  tlv(0x18, Buffer.from(`${new Date(atMs).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`));
