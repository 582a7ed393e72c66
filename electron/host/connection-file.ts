import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Connection, NewConnection } from '../../shared/vocabulary/connection.ts';
import { ConnectionId } from '../../shared/vocabulary/ids.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { readSettingsFile } from '../platform/settings-file.ts';

/** A connection from `connections.yaml`, with its secret read from where the file says it is. */
export type FileConnection = { connection: Connection; given: NewConnection };

/** Secrets are named, never written: an environment variable or a file only its owner reads. */
const Secret = z.union([z.strictObject({ env: z.string() }), z.strictObject({ file: z.string() })]);
const Auth = z.union([
  z.strictObject({ bearer: Secret }),
  z.strictObject({ username: z.string(), password: Secret }),
]);
const File = z.strictObject({
  format: z.literal('countersign.connections/1'),
  connections: z.array(
    z.strictObject({
      kind: NewConnection.shape.kind,
      name: NewConnection.shape.name,
      url: NewConnection.shape.url,
      auth: Auth.optional(),
    }),
  ),
});

/**
 * Reads `<data dir>/connections.yaml`, where there is one.
 * @throws Failure `bad_input` naming the file and the member that does not hold.
 */
export function readConnectionFile(dataDir: string): FileConnection[] {
  const path = join(dataDir, 'connections.yaml');
  const file = readSettingsFile(path, File, 'none of its connections is used');
  return (file?.connections ?? []).map(({ auth, ...about }) => {
    const given: NewConnection = { ...about, auth: authOf(path, about.name, auth) };
    const connection: Connection = {
      ...about,
      id: ConnectionId.parse(`file:${about.name}`),
      auth: given.auth.kind,
      ...(given.auth.kind === 'basic' ? { username: given.auth.username } : {}),
      from: 'file',
    };
    return { connection, given };
  });
}

function authOf(path: string, name: string, auth: z.infer<typeof Auth> | undefined): NewConnection['auth'] {
  if (!auth) return { kind: 'none' };
  if ('bearer' in auth) return { kind: 'bearer', token: secretOf(path, name, auth.bearer) };
  return { kind: 'basic', username: auth.username, password: secretOf(path, name, auth.password) };
}

function secretOf(path: string, name: string, secret: z.infer<typeof Secret>): string {
  if ('env' in secret) {
    const value = process.env[secret.env];
    if (value) return value;
    throw new Failure(
      'bad_input',
      `${path}: “${name}” wants its secret from ${secret.env}, which is not set`,
    );
  }
  try {
    return readFileSync(secret.file, 'utf8').trim();
  } catch (cause) {
    throw new Failure(
      'bad_input',
      `${path}: the secret of “${name}” cannot be read: ${messageOf(cause)}`,
      cause,
    );
  }
}
