/** Seals the vault's key for this user: the system's keychain, or a passphrase. Nothing else is ever given to it. */
export type Keychain = {
  /** For the person: "the macOS keychain", "a passphrase". */
  readonly name: string;
  seal(plain: Uint8Array): Promise<Uint8Array>;
  /** Throws when the bytes were not sealed by this user on this keychain. */
  open(sealed: Uint8Array): Promise<Uint8Array>;
};
