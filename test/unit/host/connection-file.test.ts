import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readConnectionFile } from '../../../electron/host/connection-file.ts';
import { privateAuthority } from '../../fixtures/certificates.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

const company = privateAuthority();
const client = company.client();

function fileWith(connection: Record<string, unknown>): string {
  const dataDir = newDataDir();
  writeFileSync(join(dataDir, 'ca.pem'), company.ca);
  writeFileSync(join(dataDir, 'client.pem'), client.cert);
  writeFileSync(join(dataDir, 'client.key'), client.key, { mode: 0o600 });
  writeFileSync(
    join(dataDir, 'connections.yaml'),
    JSON.stringify({
      format: 'countersign.connections/1',
      connections: [{ name: 'Mimir', kind: 'prometheus', url: 'https://127.0.0.1:9', ...connection }],
    }),
  );
  return dataDir;
}
const tls = { authorityFile: 'ca.pem', certificateFile: 'client.pem', keyFile: 'client.key' };

it('takes certificates from files beside connections.yaml, and shows none of them', () => {
  const [one] = readConnectionFile(fileWith({ tenant: 'shop', tls }));
  expect(one?.given).toMatchObject({
    tenant: 'shop',
    tls: { authority: company.ca, client: { certificate: client.cert, key: client.key } },
  });
  expect(one?.connection).toMatchObject({ tenant: 'shop', tls: 'client' });
  expect(JSON.stringify(one?.connection)).not.toContain('BEGIN');
});

it('refuses a key that others may read, and says how to mend that', () => {
  const dataDir = fileWith({ tls });
  chmodSync(join(dataDir, 'client.key'), 0o640);
  expect(() => readConnectionFile(dataDir)).toThrow(/keyFile of “Mimir” can be read by others.*chmod 600/);
});

it.each<[string, Record<string, unknown>, RegExp]>([
  ['a certificate without its key', { tls: { certificateFile: 'client.pem' } }, /go together/],
  [
    'a file that is not there',
    { tls: { authorityFile: 'none.pem' } },
    /authorityFile of “Mimir” cannot be read/,
  ],
  [
    'a key where a certificate belongs',
    { tls: { authorityFile: 'client.key' } },
    /authority must be certificates in PEM/,
  ],
  ['certificates without https', { tls, url: 'http://127.0.0.1:9' }, /url of “Mimir” must be an https/],
  [
    'a tenant for what has none',
    { kind: 'unleash', tenant: 'shop' },
    /kind of “Mimir” must be one of prometheus/,
  ],
  ['a tenant with a line break in it', { tenant: 'shop\nx-evil: 1' }, /tenant/],
])('refuses %s', (_what, connection, says) => {
  expect(() => readConnectionFile(fileWith(connection))).toThrow(says);
});
