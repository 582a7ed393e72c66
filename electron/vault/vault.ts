/**
 * Credentials and keys at rest. They leave it only as the answer of `get`, to code of the main process: never in an
 * error, a log line or the ledger.
 */
import { randomBytes } from 'node:crypto';
import { Failure } from '../platform/failure.ts';
import { ownMember } from '../platform/own-member.ts';
import type { StoredIdentity } from './identity.ts';
import type { Keychain } from './keychain.ts';
import { defaultCost, newSalt, type PassphraseCost, passphraseKeychain } from './passphrase-keychain.ts';
import { seal, unseal } from './seal.ts';
import { type KeptHead, readVaultFile, SecretName, type VaultFile, writeVaultFile } from './vault-file.ts';

export type VaultState = 'new' | 'locked' | 'unlocked';

export type Vault = {
  /** `new`: nobody has set a passphrase yet; the first `unlock` does. */
  state(): VaultState;
  /** Sets the passphrase of a new vault. A wrong one is a `Failure('unauthorized')` and changes nothing. */
  unlock(passphrase: string): Promise<void>;
  /** Forgets the key, so that no secret can be read or put until it is opened again. Names and the head stay known. */
  lock(): void;
  /** @throws Failure `unauthorized` for another passphrase than the vault's. A system keychain has none to check. */
  check(passphrase: string): Promise<void>;
  /** What the person needs to know of where the secrets are sealed. */
  keychain(): string;
  /** On disk on return. */
  put(name: string, secret: string): void;
  get(name: string): string | undefined;
  remove(name: string): void;
  /** Names are no secret: they can be asked while the vault is locked. */
  has(name: string): boolean;
  names(): string[];
  /** The head of the log of real incidents; can be asked while the vault is locked. */
  head(): KeptHead | undefined;
  /** On disk on return. */
  keepHead(head: KeptHead): void;
  /** The persons besides the first; can be asked while the vault is locked. */
  identities(): readonly StoredIdentity[];
  /** On disk on return. */
  addIdentity(identity: StoredIdentity): void;
};

type Options = {
  /** Usually `<data dir>/vault.json`. */
  file: string;
  /** The system's keychain, where there is one. */
  keychain?: Keychain | undefined;
  /** Asked once, on opening: COUNTERSIGN_PASSPHRASE. A wrong one is a failure, for somebody meant it. */
  passphrase?: (() => string | undefined) | undefined;
  cost?: PassphraseCost;
};

/** A new passphrase shorter than this would not be worth the name. */
const SHORTEST = 8;

export async function openVault({ file, keychain, passphrase, cost = defaultCost }: Options): Promise<Vault> {
  let content = readVaultFile(file);
  let key: Uint8Array | undefined;
  let refusal: unknown;

  async function unlock(secret: string): Promise<void> {
    if (key) return;
    if (!content) return createWithPassphrase(secret);
    if (content.keychain.kind === 'passphrase') key = await openedWith(secret, content);
    else if (keychain) await openWithSystem(keychain);
    if (!key) throw whyLocked();
  }

  function openedWith(secret: string, { keychain: by, key: sealed }: VaultFile): Promise<Uint8Array> {
    if (by.kind === 'system') throw whyLocked();
    return passphraseKeychain(secret, Buffer.from(by.salt, 'base64'), by).open(Buffer.from(sealed, 'base64'));
  }

  async function createWithPassphrase(secret: string): Promise<void> {
    if (secret.length < SHORTEST) {
      throw new Failure(
        'bad_input',
        `A passphrase needs at least ${SHORTEST} characters. Choose a longer one.`,
      );
    }
    const salt = newSalt();
    const by = { kind: 'passphrase' as const, salt: Buffer.from(salt).toString('base64'), ...cost };
    await create(passphraseKeychain(secret, salt, cost), by);
  }

  async function create(by: Keychain, described: VaultFile['keychain']): Promise<void> {
    const fresh = randomBytes(32);
    const sealed = Buffer.from(await by.seal(fresh)).toString('base64');
    // Another `unlock` may have been faster; its key may already seal a secret.
    if (key) return;
    write({ format: 'countersign.vault/1', keychain: described, key: sealed, secrets: {} });
    key = fresh;
  }

  /** A keychain that refuses leaves the vault locked and Countersign usable: whoever needs a secret is told why. */
  async function openWithSystem(by: Keychain): Promise<void> {
    if (!content) return create(by, { kind: 'system', name: by.name });
    if (content.keychain.kind !== 'system') return;
    try {
      key = await by.open(Buffer.from(content.key, 'base64'));
    } catch (error) {
      refusal = error;
    }
  }

  function write(next: VaultFile): void {
    writeVaultFile(file, next);
    content = next;
  }

  function opened(): { key: Uint8Array; content: VaultFile } {
    if (key && content) return { key, content };
    throw whyLocked();
  }

  function begun(): VaultFile {
    if (content) return content;
    throw whyLocked();
  }

  function whyLocked(): Failure {
    if (!content) return new Failure('locked', NO_PASSPHRASE_YET);
    if (content.keychain.kind === 'passphrase') return new Failure('locked', LOCKED);
    return new Failure('locked', otherKeychain(file, content.keychain.name), refusal);
  }

  if (keychain) await openWithSystem(keychain);
  const given = key ? undefined : passphrase?.();
  if (given) await unlock(given);

  return {
    state: () => (key ? 'unlocked' : content ? 'locked' : 'new'),
    unlock,
    lock(): void {
      key?.fill(0);
      key = undefined;
    },
    async check(secret: string): Promise<void> {
      if (!content) throw whyLocked();
      if (content.keychain.kind === 'passphrase') (await openedWith(secret, content)).fill(0);
    },
    keychain: () => (content?.keychain.kind === 'system' ? content.keychain.name : 'a passphrase'),
    put(name, secret) {
      const { key, content } = opened();
      const sealed = Buffer.from(seal(key, Buffer.from(secret), contextOf(checkedName(name)))).toString(
        'base64',
      );
      write({ ...content, secrets: { ...content.secrets, [name]: sealed } });
    },
    get(name) {
      const { key, content } = opened();
      const sealed = ownMember(content.secrets, name);
      if (sealed === undefined) return undefined;
      const plain = unseal(key, Buffer.from(sealed, 'base64'), contextOf(name));
      if (!plain) throw new Failure('storage', `The secret "${name}" in ${file} is damaged. Enter it anew.`);
      return Buffer.from(plain).toString('utf8');
    },
    remove(name) {
      const { content } = opened();
      const { [name]: _removed, ...secrets } = content.secrets;
      if (ownMember(content.secrets, name) !== undefined) write({ ...content, secrets });
    },
    has: (name) => ownMember(content?.secrets, name) !== undefined,
    names: () => Object.keys(content?.secrets ?? {}).sort(),
    head: () => content?.head,
    // It is signed and lies in the open, so a vault that was locked meanwhile still keeps it.
    keepHead: (head) => write({ ...begun(), head }),
    identities: () => content?.identities ?? [],
    addIdentity: (identity) => write({ ...begun(), identities: [...(begun().identities ?? []), identity] }),
  };
}

const NO_PASSPHRASE_YET =
  'The vault has no passphrase yet. Set one: COUNTERSIGN_PASSPHRASE, or the Unlock dialog.';
const LOCKED =
  'The vault is locked. Unlock it with its passphrase: COUNTERSIGN_PASSPHRASE, or the Unlock dialog.';

const otherKeychain = (file: string, name: string): string =>
  `${file} is sealed by ${name}, which does not open it here. Start Countersign where it was made, or move the file ` +
  'away and enter the credentials anew.';

const contextOf = (name: string): string => `countersign.vault/1 secret ${name}`;

function checkedName(name: string): string {
  if (SecretName.safeParse(name).success) return name;
  throw new Failure(
    'bad_input',
    'A secret needs a plain name: letters, digits and . _ : / @ -, at most 200.',
  );
}
