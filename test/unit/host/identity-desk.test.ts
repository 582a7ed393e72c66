import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identityDesk } from '../../../electron/host/identity-desk.ts';
import { ledgerUpkeep } from '../../../electron/host/ledger-upkeep.ts';
import { type Ledger, openLedger } from '../../../electron/ledger/log.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { randomIds } from '../../../electron/platform/ids.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import { keyFile, signingKeys } from '../../../electron/vault/keys.ts';
import { openVault } from '../../../electron/vault/vault.ts';

const cost = { cost: 2 ** 14, blockSize: 8, parallelization: 1 };
const PASSPHRASE = 'the first passphrase';
const BOBS = 'his own passphrase';

let folder: string;
let desk: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'identities-'));
  desk = await open();
});
afterEach(() => desk.close());

/** As the host wires it, on a data directory of its own. */
async function open(passphrase: string | undefined = PASSPHRASE) {
  const vault = await openVault({ file: join(folder, 'vault.json'), cost, passphrase: () => passphrase });
  const keys = { real: signingKeys(vault), drill: signingKeys(keyFile(join(folder, 'drill-keys.json'))) };
  const { clock } = steppedClock(() => {}, Date.parse('2026-03-03T03:00:00Z'));
  const logs = (['real', 'drill'] as const).map((realm) => {
    const store = openStore(join(folder, `${realm}.db`), migrations);
    const ledger = openLedger({
      db: store.db,
      realm,
      clock,
      ids: randomIds,
      signer: (announced) => keys[realm].of('log', announced),
    });
    return { ledger, store };
  });
  const ledgers = { real: logs[0]?.ledger as Ledger, drill: logs[1]?.ledger as Ledger };
  let opened = 0;
  const identities = identityDesk({
    vault,
    keys,
    ledger: (realm) => ledgers[realm],
    ids: randomIds,
    nowMs: () => 1,
    firstName: () => 'Mina',
    lockAfterMinutes: () => 15,
    onVaultOpened: () => {
      opened += 1;
    },
    onChange: () => {},
    cost,
  });
  return {
    ...identities,
    vault,
    keys,
    ledgers,
    db: logs[0]?.store.db as Database,
    opened: () => opened,
    async addBob(): Promise<string> {
      await identities.create({ name: 'Bob', passphrase: BOBS });
      return identities.list().identities.find(({ name }) => name === 'Bob')?.id ?? '';
    },
    close(): void {
      for (const { ledger, store } of logs) {
        ledger.close();
        store.close();
      }
    },
  };
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

it('begins with the first person, whose key the vault keeps', () => {
  expect(desk.list()).toMatchObject({
    current: 'first',
    identities: [{ id: 'first', name: 'Mina', state: 'open', asksPassphrase: true }],
  });
  expect(base64(desk.approver('real', 'Mina').publicKey)).toBe(desk.list().identities[0]?.publicKey);
});

it('admits another person with another key, and the first vouches for them in both logs', async () => {
  const bob = await desk.addBob();
  for (const realm of ['real', 'drill'] as const) {
    const entries = desk.ledgers[realm].entries({ kind: 'approver.key' });
    expect(entries.map(({ body }) => body['person'])).toEqual(['Mina', 'Bob']);
    expect(entries[1]?.body['vouchedBy']).toBe(entries[0]?.body['publicKey']);
  }
  const [mina, other] = desk.list().identities;
  expect(other).toMatchObject({ id: bob, name: 'Bob', state: 'locked', admitted: true });
  expect(other?.publicKey).not.toBe(mina?.publicKey);
});

it('hands over only to whoever knows their own passphrase', async () => {
  const bob = await desk.addBob();
  await expect(desk.use(bob, PASSPHRASE)).rejects.toMatchObject({ code: 'unauthorized' });
  expect(desk.person()).toBe('Mina');
  await desk.use(bob, BOBS);
  expect(desk.person()).toBe('Bob');
  expect(base64(desk.approver('real', 'Bob').publicKey)).toBe(desk.list().identities[1]?.publicKey);
  await expect(desk.use('first', BOBS)).rejects.toMatchObject({ code: 'unauthorized' });
  await desk.use('first', PASSPHRASE);
  expect(desk.person()).toBe('Mina');
});

it('signs for nobody but the person at the controls', async () => {
  const bob = await desk.addBob();
  expect(() => desk.approver('real', 'Bob')).toThrow('Mina is at the controls');
  await desk.use(bob, BOBS);
  expect(() => desk.approver('real', 'Mina')).toThrow('Bob is at the controls');
  expect(() => desk.demandCurrent('first')).toThrow('Bob is at the controls');
});

it('asks for the passphrase again after a lock, of whoever is at the controls', async () => {
  const bob = await desk.addBob();
  await desk.use(bob, BOBS);
  desk.lock();
  expect(desk.current()).toMatchObject({ name: 'Bob', state: 'locked' });
  expect(desk.vault.state()).toBe('locked');
  expect(() => desk.approver('real', 'Bob')).toThrow(expect.objectContaining({ code: 'locked' }));
  await desk.use(bob, BOBS);
  expect(desk.approver('real', 'Bob').sign(Buffer.from('x'))).toHaveLength(64);
  // The first person's vault stays closed to the second.
  expect(desk.vault.state()).toBe('locked');
  await desk.use('first', PASSPHRASE);
  expect([desk.vault.state(), desk.opened()]).toEqual(['unlocked', 1]);
});

it('locks the key of the first person, while the log goes on signing what happens', () => {
  desk.ledgers.real.announceApprover(
    { person: 'Mina', signer: desk.approver('real', 'Mina') },
    { kind: 'person', name: 'Mina' },
  );
  const { publicKey } = desk.list().identities[0] ?? {};
  desk.lock();
  expect(() => desk.approver('real', 'Mina')).toThrow(expect.objectContaining({ code: 'locked' }));
  const host = { kind: 'host' as const, name: 'countersign' };
  desk.ledgers.real.record({ kind: 'outcome', actor: host, body: { outcome: 'improved' } });
  expect(desk.ledgers.real.head().signed).toBe(true);
  expect(desk.list().identities[0]).toMatchObject({ state: 'locked', publicKey });
});

it('never asks for a passphrase in a drill, and still signs with a key for each person', async () => {
  const bob = await desk.addBob();
  const mina = desk.approver('drill', 'Mina');
  await desk.use(bob, BOBS);
  desk.lock();
  const other = desk.approver('drill', 'Bob');
  expect(base64(other.publicKey)).not.toBe(base64(mina.publicKey));
  expect(base64(other.publicKey)).not.toBe(desk.list().identities[1]?.publicKey);
});

it.each(['mina', 'Mína', 'Μina', 'M i n a'])('has no second person called %s beside Mina', async (name) => {
  await expect(desk.create({ name, passphrase: BOBS })).rejects.toMatchObject({ code: 'conflict' });
});

it('takes nobody in while whoever would vouch for them is locked', async () => {
  desk.lock();
  await expect(desk.create({ name: 'Bob', passphrase: BOBS })).rejects.toMatchObject({ code: 'locked' });
  expect(desk.list().identities).toHaveLength(1);
});

it('knows its persons after a restart, and the first one is at the controls', async () => {
  const bob = await desk.addBob();
  await desk.use(bob, BOBS);
  desk.close();
  desk = await open();
  expect([desk.person(), desk.list().identities.map(({ name }) => name)]).toEqual(['Mina', ['Mina', 'Bob']]);
  await desk.use(bob, BOBS);
  expect(desk.approver('real', 'Bob')).toBeDefined();
});

it('does not open a person whose name was exchanged in the file', async () => {
  const bob = await desk.addBob();
  desk.close();
  const file = join(folder, 'vault.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"Bob"', '"Ada"'));
  desk = await open();
  await expect(desk.use(bob, BOBS)).rejects.toMatchObject({ code: 'unauthorized' });
  expect(desk.person()).toBe('Mina');
});

it('takes a person of another vault in only when somebody vouches for them again', async () => {
  const bob = await desk.addBob();
  desk.close();
  // A new log, as after `ledger begin-anew`: nobody is announced on it.
  folder = withVaultOf(folder);
  desk = await open();
  expect(desk.list().identities[1]).toMatchObject({ name: 'Bob', admitted: false });
  await expect(desk.admit(bob, PASSPHRASE)).rejects.toMatchObject({ code: 'unauthorized' });
  await desk.admit(bob, BOBS);
  expect(desk.list().identities[1]).toMatchObject({ name: 'Bob', admitted: true });
});

function withVaultOf(old: string): string {
  const fresh = mkdtempSync(join(tmpdir(), 'identities-'));
  const { head: _head, ...vault } = JSON.parse(readFileSync(join(old, 'vault.json'), 'utf8'));
  writeFileSync(join(fresh, 'vault.json'), JSON.stringify(vault), { mode: 0o600 });
  return fresh;
}

it('renames the first person, but nobody whose name is sealed into their key', async () => {
  expect(desk.renamed('Wilhelmina')).toBe('Wilhelmina');
  const bob = await desk.addBob();
  expect(() => desk.renamed('B0b')).toThrow('could be taken for Bob');
  await desk.use(bob, BOBS);
  expect(() => desk.renamed('Robert')).toThrow('sealed');
});

it('names the person of a key that an older version announced without one', async () => {
  const { ledgers } = desk;
  const publicKey = desk.list().identities[0]?.publicKey ?? '';
  const host = { kind: 'host' as const, name: 'countersign' };
  ledgers.real.record({ kind: 'approver.key', actor: host, body: { publicKey } });
  expect(ledgers.real.approvers()).toMatchObject([{ person: null }]);
  await desk.addBob();
  expect(ledgers.real.approvers()).toMatchObject([{ person: 'Mina' }, { person: 'Bob' }]);
  expect(desk.list().identities.map(({ admitted }) => admitted)).toEqual([true, true]);
});

it('gives a person a new key only at their own wish', async () => {
  await desk.addBob();
  const upkeep = ledgerUpkeep({
    db: desk.db,
    ledger: desk.ledgers.real,
    keys: desk.keys.real,
    nowMs: () => 1,
    now: () => 1,
    voidOffers: () => {},
    onErased: () => {},
  });
  const before = desk.list().identities[0]?.publicKey;
  upkeep.changeKey('Bob', 'a yearly change');
  expect(desk.list().identities[0]?.publicKey).toBe(before);
  upkeep.changeKey('Mina', 'a laptop was lost');
  const [mina] = desk.list().identities;
  expect(mina?.publicKey).not.toBe(before);
  expect(mina?.admitted).toBe(true);
  expect(desk.ledgers.real.approvers().map(({ person }) => person)).toEqual(['Bob', 'Mina']);
});
