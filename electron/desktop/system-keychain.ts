import type { SafeStorage } from 'electron';
import { Failure, messageOf } from '../platform/failure.ts';
import type { Keychain } from '../vault/keychain.ts';

/** The system's keychain, or in words why secrets cannot be left to it. */
export type KeychainAnswer = { keychain: Keychain } | { because: string };

/** Only the asynchronous calls: the synchronous ones go away, and block while the system asks the person. */
export type AsyncSafeStorage = Pick<
  SafeStorage,
  'encryptStringAsync' | 'decryptStringAsync' | 'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend'
>;

/**
 * On Linux, Electron falls back to a fixed password (`basic_text`) where it finds no keyring: anyone who reads the file
 * reads the secret. That is refused rather than called a keychain.
 */
export async function systemKeychain(
  safeStorage: AsyncSafeStorage,
  platform: string,
): Promise<KeychainAnswer> {
  if (platform !== 'linux')
    return { keychain: keychainOver(safeStorage, names[platform] ?? 'the system keychain') };
  const backend = safeStorage.getSelectedStorageBackend();
  if (backend === 'basic_text' || backend === 'unknown') {
    return {
      because: `This desktop has no keyring that encrypts (${backend}), so secrets are sealed with a passphrase instead. Start a keyring (GNOME Keyring or KWallet) to have the system keep them.`,
    };
  }
  if (!(await safeStorage.isAsyncEncryptionAvailable())) {
    return {
      because: `The keyring (${backend}) does not open, so secrets are sealed with a passphrase instead.`,
    };
  }
  return {
    keychain: keychainOver(safeStorage, backend === 'gnome_libsecret' ? 'the GNOME keyring' : 'KWallet'),
  };
}

const names: Record<string, string> = { darwin: 'the macOS keychain', win32: 'Windows data protection' };

/** safeStorage takes text alone, so bytes cross as base64. */
function keychainOver(safeStorage: AsyncSafeStorage, name: string): Keychain {
  return {
    name,
    async seal(plain) {
      try {
        return new Uint8Array(await safeStorage.encryptStringAsync(Buffer.from(plain).toString('base64')));
      } catch (error) {
        throw new Failure(
          'locked',
          `${sentence(name)} did not seal the secret: ${messageOf(error)}. Nothing was stored.`,
          error,
        );
      }
    },
    async open(sealed) {
      try {
        const { result } = await safeStorage.decryptStringAsync(Buffer.from(sealed));
        return new Uint8Array(Buffer.from(result, 'base64'));
      } catch (error) {
        throw new Failure(
          'unauthorized',
          `${sentence(name)} does not open the vault of this data directory: ${messageOf(error)}. Was it made by another user or machine?`,
          error,
        );
      }
    },
  };
}

const sentence = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
