import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { isSignedBy } from '../../../electron/platform/ed25519.ts';
import { newIdentity, openIdentity, StoredIdentity } from '../../../electron/vault/identity.ts';

const cost = { cost: 2 ** 14, blockSize: 8, parallelization: 1 };
const asked = { id: 'idn-0123456789', name: 'Bob', passphrase: 'correct horse', nowMs: 1, cost };
const made = await newIdentity(asked);

it('signs with the key that its passphrase opens again', async () => {
  const signer = await openIdentity(made.stored, 'correct horse');
  expect(signer.publicKey).toEqual(made.signer.publicKey);
  const message = Buffer.from('decision');
  expect(isSignedBy(signer.publicKey, message, signer.sign(message))).toBe(true);
  expect(StoredIdentity.parse(JSON.parse(JSON.stringify(made.stored)))).toEqual(made.stored);
});

it('does not open with another passphrase, and says whose is asked for', async () => {
  await expect(openIdentity(made.stored, 'another one')).rejects.toMatchObject({
    code: 'unauthorized',
    message: expect.stringContaining('passphrase of Bob'),
  });
});

it.each<[string, Partial<StoredIdentity>]>([
  ['its name', { name: 'Ada' }],
  ['its id', { id: 'idn-9999999999' }],
  ['its public key', { publicKey: 'A'.repeat(43) }],
])('does not open when somebody changed %s in the file', async (_what, change) => {
  await expect(openIdentity({ ...made.stored, ...change }, 'correct horse')).rejects.toMatchObject({
    code: 'unauthorized',
  });
});

it('wants a passphrase worth the name', async () => {
  await expect(newIdentity({ ...asked, passphrase: 'short' })).rejects.toMatchObject({ code: 'bad_input' });
});

it('shows no private key, neither stored nor printed', () => {
  expect(JSON.stringify(made.stored)).not.toContain('MC4CAQAwBQYDK2Vw');
  expect(inspect(made, { depth: 9 })).not.toContain('MC4CAQAwBQYDK2Vw');
});
