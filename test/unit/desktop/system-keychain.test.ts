import { beforeEach, expect, it } from 'vitest';
import { systemKeychain } from '../../../electron/desktop/system-keychain.ts';
import { Failure } from '../../../electron/platform/failure.ts';
import { circumstances, resetStandIn, safeStorage } from '../../fixtures/electron-stand-in.ts';

beforeEach(resetStandIn);

const keychainOn = (platform: string) => systemKeychain(safeStorage as never, platform);

async function opened(platform: string) {
  const answer = await keychainOn(platform);
  if (!('keychain' in answer)) throw new Error(answer.because);
  return answer.keychain;
}

it.each(['basic_text', 'unknown'])(
  'refuses the Linux backend %s, which does not encrypt, and says why',
  async (backend) => {
    circumstances.backend = backend;
    expect(await keychainOn('linux')).toEqual({
      because: expect.stringContaining('sealed with a passphrase'),
    });
  },
);

it('refuses a keyring that does not open', async () => {
  circumstances.encrypts = false;
  expect(await keychainOn('linux')).toEqual({ because: expect.stringContaining('does not open') });
});

it.each([
  ['linux', 'gnome_libsecret', 'the GNOME keyring'],
  ['linux', 'kwallet6', 'KWallet'],
  ['darwin', 'unknown', 'the macOS keychain'],
  ['win32', 'unknown', 'Windows data protection'],
])('on %s with %s secrets go to %s', async (platform, backend, name) => {
  circumstances.backend = backend;
  expect((await opened(platform)).name).toBe(name);
});

it('opens what it sealed, byte for byte, and never stores it as it is', async () => {
  const keychain = await opened('linux');
  const plain = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const sealed = await keychain.seal(plain);
  expect(Buffer.from(sealed).toString('latin1')).not.toContain(Buffer.from(plain).toString('base64'));
  expect(await keychain.open(sealed)).toEqual(plain);
});

it('says in a sentence what it cannot open', async () => {
  const keychain = await opened('linux');
  const failed = await keychain.open(Buffer.from('of another user')).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Failure);
  expect(String(failed)).toContain('The GNOME keyring does not open the vault');
});

it('fails rather than store a secret unsealed', async () => {
  const keychain = await opened('linux');
  circumstances.encrypts = false;
  await expect(keychain.seal(Buffer.from('x'))).rejects.toThrow('Nothing was stored');
});
