import {
  FIRST_IDENTITY,
  type Identities,
  type Identity,
  type IdentityState,
} from '../../shared/vocabulary/identity.ts';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import { lookAlike } from '../../shared/vocabulary/person-name.ts';
import type { Ledger } from '../ledger/log.ts';
import type { Signer } from '../platform/ed25519.ts';
import { Failure } from '../platform/failure.ts';
import type { Ids } from '../platform/ids.ts';
import { newIdentity, openIdentity, type StoredIdentity } from '../vault/identity.ts';
import type { SigningKeys } from '../vault/keys.ts';
import type { PassphraseCost } from '../vault/passphrase-keychain.ts';
import type { Vault } from '../vault/vault.ts';

export type IdentityDesk = ReturnType<typeof identityDesk>;

type Ports = {
  vault: Vault;
  keys: Record<Realm, SigningKeys>;
  ledger(realm: Realm): Ledger;
  ids: Ids;
  nowMs(): number;
  /** The name of the first person. */
  firstName(): string;
  lockAfterMinutes(): number;
  /** What waits for the vault goes on. */
  onVaultOpened(): void;
  onChange(): void;
  /** Of the passphrases of further persons; as that of the vault unless told otherwise. */
  cost?: PassphraseCost;
};

/**
 * Who decides on this installation. The first person's key is in the vault; each further one has a key that only their
 * own passphrase opens. One person at a time is at the controls, and what is decided is signed by their key alone.
 */
export function identityDesk(ports: Ports) {
  const { vault, keys } = ports;
  let current: string = FIRST_IDENTITY;
  /** The key of the person at the controls, when that is not the first and it was opened. */
  let opened: Signer | undefined;

  const isFirst = () => current === FIRST_IDENTITY;
  const nameOf = (id: string): string => (id === FIRST_IDENTITY ? ports.firstName() : find(id).name);
  const person = (): string => nameOf(current);

  function find(id: string): StoredIdentity {
    const found = vault.identities().find((identity) => identity.id === id);
    if (!found) throw new Failure('not_found', `There is no identity ${id}`);
    return found;
  }

  function stateOf(id: string): IdentityState {
    if (id !== FIRST_IDENTITY) return id === current && opened ? 'open' : 'locked';
    const state = vault.state();
    return state === 'unlocked' ? 'open' : state;
  }

  function view(id: string): Identity {
    const publicKey = id === FIRST_IDENTITY ? firstKey() : find(id).publicKey;
    const { approvers } = ports.ledger('real');
    return {
      id,
      name: nameOf(id),
      publicKey,
      state: stateOf(id),
      asksPassphrase: id !== FIRST_IDENTITY || vault.keychain() === 'a passphrase',
      admitted: approvers().some(
        (approver) => base64(approver.publicKey) === publicKey && approver.person === nameOf(id),
      ),
    };
  }

  /** While the vault is locked the log still tells: it is the key announced under that name. */
  function firstKey(): string | null {
    if (vault.state() === 'unlocked') return base64(signerOf(FIRST_IDENTITY, 'real').publicKey);
    const known = ports.ledger('real').approvers();
    const named = known.find((approver) => approver.person === ports.firstName() || approver.person === null);
    return named ? base64(named.publicKey) : null;
  }

  /** @throws Failure `locked` while the passphrase of the person at the controls is needed. */
  function signerOf(id: string, realm: Realm): Signer {
    const announced = ports
      .ledger(realm)
      .approvers()
      .map(({ publicKey }) => publicKey);
    if (id === FIRST_IDENTITY) return keys[realm].of('approver', ...announced);
    // A drill must never ask for a passphrase; its keys vouch for nothing real.
    if (realm === 'drill') return keys.drill.of(`approver.${id}`, ...announced);
    if (id === current && opened) return opened;
    throw new Failure('locked', `${nameOf(id)} has to give their passphrase before they decide.`);
  }

  /**
   * The key of the person at the controls. `decides` is who the caller says it is. @throws Failure `conflict` when
   * somebody else has taken over since.
   */
  function approver(realm: Realm, decides: string): Signer {
    if (decides !== person())
      throw new Failure(
        'conflict',
        `${person()} is at the controls now, not ${decides}. Nothing was decided.`,
      );
    return signerOf(current, realm);
  }

  async function create(given: { name: string; passphrase: string }): Promise<void> {
    const vouching = voucherNow();
    const name = freeName(given.name);
    const id = ports.ids('idn');
    const made = await newIdentity({
      id,
      name,
      passphrase: given.passphrase,
      nowMs: ports.nowMs(),
      ...(ports.cost && { cost: ports.cost }),
    });
    // Another one may have been made meanwhile.
    freeName(name);
    // The vault first: a name on record whose key nobody has could never be given again.
    vault.addIdentity(made.stored);
    announce(id, name, vouching, made.signer);
    ports.onChange();
  }

  /** Puts a person on record again, where a log was begun anew: the one at the controls vouches for them. */
  async function admit(id: string, passphrase: string): Promise<void> {
    const vouching = voucherNow();
    const stored = find(id);
    const signer = await openIdentity(stored, passphrase);
    announce(id, stored.name, vouching, signer);
    ports.onChange();
  }

  /** Whoever is at the controls now, even when somebody takes over while a passphrase is worked on. */
  const voucherNow = (): Voucher => ({
    person: person(),
    keys: { real: signerOf(current, 'real'), drill: signerOf(current, 'drill') },
  });

  function announce(id: string, name: string, vouching: Voucher, own: Signer): void {
    const actor = { kind: 'person' as const, name: vouching.person };
    for (const realm of ['real', 'drill'] as const) {
      const voucher = vouching.keys[realm];
      const signer = realm === 'real' ? own : signerOf(id, 'drill');
      ports.ledger(realm).announceApprover({ person: vouching.person, signer: voucher }, actor);
      ports.ledger(realm).announceApprover({ person: name, signer, voucher }, actor);
    }
  }

  /** @throws Failure `conflict` for a name that another person has, or one that looks like it. */
  function freeName(name: string, except?: string): string {
    const taken = [FIRST_IDENTITY, ...vault.identities().map(({ id }) => id)]
      .filter((id) => id !== except)
      .map(nameOf)
      .find((other) => lookAlike(other, name));
    if (taken === undefined) return name;
    throw new Failure(
      'conflict',
      `${name} could be taken for ${taken}, who decides here too: choose another name.`,
    );
  }

  /** Hands the controls to a person, who shows by their passphrase that they are there. */
  async function use(id: string, passphrase: string): Promise<void> {
    if (id === FIRST_IDENTITY) {
      const wasOpen = vault.state() === 'unlocked';
      await (wasOpen ? vault.check(passphrase) : vault.unlock(passphrase));
      if (!wasOpen) ports.onVaultOpened();
      takeOver(id, undefined);
    } else {
      takeOver(id, await openIdentity(find(id), passphrase));
    }
  }

  function takeOver(id: string, signer: Signer | undefined): void {
    if (id !== current) {
      const actor = { kind: 'person' as const, name: nameOf(id) };
      const body = { decides: nameOf(id), before: person() };
      ports.ledger('real').record({ kind: 'setting', actor, body });
    }
    current = id;
    opened = signer;
    ports.onChange();
  }

  return {
    person,
    approver,
    create,
    admit,
    use,
    list: (): Identities => ({
      identities: [FIRST_IDENTITY, ...vault.identities().map(({ id }) => id)].map(view),
      current,
      lockAfterMinutes: ports.lockAfterMinutes(),
    }),
    /** Who is at the controls, as the status tells it. */
    current: (): { id: string; name: string; state: IdentityState; asksPassphrase: boolean } => ({
      id: current,
      name: person(),
      state: stateOf(current),
      asksPassphrase: !isFirst() || vault.keychain() === 'a passphrase',
    }),
    /** @throws Failure `conflict` when the screen that asks shows somebody else. */
    demandCurrent(id: string | undefined): void {
      if (id === undefined || id === current) return;
      throw new Failure(
        'conflict',
        `The screen shows ${nameOf(id)}, but ${person()} is at the controls now. Read it again, then decide.`,
      );
    },
    /** The name that the person at the controls may take. @throws Failure `refused` for one whose name is sealed. */
    renamed(name: string): string {
      if (isFirst()) return freeName(name, FIRST_IDENTITY);
      throw new Failure(
        'refused',
        `The name ${person()} is sealed into their key: make another identity instead.`,
      );
    },
    /**
     * Whoever comes next has to give a passphrase. What reads goes on: connections keep the credentials they use, and
     * the log its key, so that results and stops are still signed.
     */
    lock(): void {
      if (stateOf(current) !== 'open' && vault.state() !== 'unlocked') return;
      opened = undefined;
      vault.lock();
      keys.real.forget('approver');
      ports.onChange();
    },
  };
}

type Voucher = { person: string; keys: Record<Realm, Signer> };

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
