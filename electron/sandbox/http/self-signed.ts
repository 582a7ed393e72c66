import { generateKeyPairSync } from 'node:crypto';
import { certificateOf, loopbackHosts } from './x509.ts';

const DAY_MS = 86_400_000;

/**
 * A key and a certificate for 127.0.0.1, made anew for each drill; the certificate is its own authority and the server's at
 * once. Kubernetes clients send a bearer token over TLS only (client-go drops it, @kubernetes/client-node refuses), so the
 * simulated API server needs one.
 */
export function selfSigned(nowMs: number): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = 'countersign sandbox';
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: certificateOf({
      name,
      publicKey,
      by: { name, privateKey },
      usage: 'own-authority',
      hosts: loopbackHosts,
      fromMs: nowMs - DAY_MS,
      toMs: nowMs + 30 * DAY_MS,
    }),
  };
}
