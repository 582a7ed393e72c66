import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ConnectionTls } from '../../shared/vocabulary/connection-tls.ts';
import { Failure } from './failure.ts';
import type { Tls } from './http-exchange.ts';

/**
 * Certificates as a person gave them, as connections take them.
 * @throws Failure `bad_input` for what is no certificate, no key, or a key of another certificate.
 */
export function tlsOf(name: string, { authority, client }: ConnectionTls): Tls {
  const bad = (what: string) => new Failure('bad_input', `${what} of “${name}” ${REMEDY}`);
  if (authority !== undefined) certificateIn(authority, () => bad('The authority'));
  if (client === undefined) return { ...(authority === undefined ? {} : { ca: authority }) };
  const certificate = certificateIn(client.certificate, () => bad('The client certificate'));
  const key = keyIn(client.key, () => bad('The client key'));
  if (!certificate.checkPrivateKey(key)) {
    throw new Failure(
      'bad_input',
      `The client key of “${name}” belongs to another certificate. Enter the two that were made together.`,
    );
  }
  return {
    ...(authority === undefined ? {} : { ca: authority }),
    cert: client.certificate,
    key: client.key,
  };
}

const REMEDY = 'cannot be read. Enter it in PEM, as a whole, a key without a passphrase.';

/**
 * Refuses to show a certificate of ours that is past its time: the other side would only hang up.
 * @throws Failure `unauthorized`
 */
export function certificateWatch(system: string, tls: Tls | undefined): (nowMs: number) => void {
  if (tls?.cert === undefined) return () => undefined;
  const expiresMs = Date.parse(new X509Certificate(tls.cert).validTo);
  return (nowMs) => {
    if (nowMs <= expiresMs) return;
    throw new Failure(
      'unauthorized',
      `The client certificate for ${system} has expired on ${new Date(expiresMs).toISOString().slice(0, 10)}. Have it renewed, remove the connection and add it again with the new one.`,
    );
  };
}

function certificateIn(pem: string, failure: () => Failure): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw failure(); // What OpenSSL says of it helps nobody.
  }
}

/** The key stands in no sentence and in no cause. */
function keyIn(pem: string, failure: () => Failure) {
  try {
    return createPrivateKey(pem);
  } catch {
    throw failure();
  }
}
