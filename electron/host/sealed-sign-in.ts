import { z } from 'zod';
import type { Connection, NewConnection } from '../../shared/vocabulary/connection.ts';
import { ConnectionTls } from '../../shared/vocabulary/connection-tls.ts';

/** What the vault holds of a connection with certificates: all of it, since the key is as good as a password. */
const WithTls = z.strictObject({ secret: z.string().nullable(), tls: ConnectionTls });

export const secretOf = (auth: NewConnection['auth']): string | null =>
  auth.kind === 'bearer' ? auth.token : auth.kind === 'basic' ? auth.password : null;

/** What goes into the vault: the bare secret, or with certificates both; null where there is nothing to seal. */
export function sealedOf({ auth, tls }: NewConnection): string | null {
  const secret = secretOf(auth);
  return tls === undefined ? secret : JSON.stringify({ secret, tls });
}

/** Whether a connection has anything in the vault. */
export const isSealed = ({ auth, tls }: Connection): boolean => auth !== 'none' || tls !== undefined;

/** How a stored connection signs in, out of what the vault holds of it. */
export function signInOf(
  connection: Connection,
  held: string,
): Pick<NewConnection, 'auth' | 'tls' | 'tenant'> {
  const { tenant } = connection;
  const { secret, tls } =
    connection.tls === undefined ? { secret: held, tls: undefined } : WithTls.parse(JSON.parse(held));
  return {
    auth: authOf(connection, secret ?? ''),
    ...(tls === undefined ? {} : { tls }),
    ...(tenant === undefined ? {} : { tenant }),
  };
}

function authOf({ auth, username }: Connection, secret: string): NewConnection['auth'] {
  if (auth === 'bearer') return { kind: 'bearer', token: secret };
  if (auth === 'basic') return { kind: 'basic', username: username ?? '', password: secret };
  return { kind: 'none' };
}

/** What is stored and shown of how it signs in: no secret. */
export const shownSignIn = ({
  auth,
  tenant,
  tls,
}: Pick<NewConnection, 'auth' | 'tenant' | 'tls'>): Pick<
  Connection,
  'auth' | 'username' | 'tenant' | 'tls'
> => ({
  auth: auth.kind,
  ...(auth.kind === 'basic' ? { username: auth.username } : {}),
  ...(tenant === undefined ? {} : { tenant }),
  ...(tls === undefined ? {} : { tls: tls.client === undefined ? 'authority' : 'client' }),
});
