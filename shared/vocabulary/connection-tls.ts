import { z } from 'zod';

const pem = (what: RegExp, error: string) => z.string().max(65_536).regex(what, error);

/** One or more, in the order in which they were given. */
const Certificates = pem(
  /^\s*(?:-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/,
  'certificates in PEM, each from -----BEGIN CERTIFICATE----- to its end',
);
const PrivateKey = pem(
  /^\s*-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END (?:[A-Z0-9]+ )?PRIVATE KEY-----\s*$/,
  'a private key in PEM without a passphrase, from -----BEGIN PRIVATE KEY----- to its end',
);

/** How a system is known that no public authority vouches for, and how we are known to it (mutual TLS). */
export const ConnectionTls = z
  .strictObject({
    /** The authorities that may vouch for it; no other is believed. */
    authority: Certificates.optional(),
    client: z.strictObject({ certificate: Certificates, key: PrivateKey }).optional(),
  })
  .refine(({ authority, client }) => authority ?? client, 'an authority, a client certificate, or both');
export type ConnectionTls = z.infer<typeof ConnectionTls>;

/** Whose data is meant where several share a system: sent as a header (https://grafana.com/docs/mimir/latest/configure/about-tenant-ids/). */
export const Tenant = z
  .string()
  .regex(/^[A-Za-z0-9!\-_.*'()|]{1,150}$/, "letters, digits and !-_.*'()|, at most 150 of them");

/** The kinds that a tenant and certificates can be given for. */
export const kindsWithTls: readonly string[] = ['prometheus', 'alertmanager', 'loki'];

/** What does not fit together in a connection with a tenant or certificates, or null. */
export function misfitOf(given: {
  kind: string;
  url: string;
  tenant?: string | undefined;
  tls?: ConnectionTls | undefined;
}): { member: 'kind' | 'url'; message: string } | null {
  const { kind, url, tenant, tls } = given;
  if ((tenant !== undefined || tls !== undefined) && !kindsWithTls.includes(kind))
    return {
      member: 'kind',
      message: `one of ${kindsWithTls.join(', ')}, where a tenant or certificates are given`,
    };
  if (tls !== undefined && !url.startsWith('https:'))
    return { member: 'url', message: 'an https:// address, where certificates are given' };
  return null;
}
