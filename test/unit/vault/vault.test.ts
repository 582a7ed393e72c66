import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/platform/failure.ts';
import { newIdentity } from '../../../electron/vault/identity.ts';
import type { Keychain } from '../../../electron/vault/keychain.ts';
import {
  defaultCost,
  PassphraseCost,
  passphraseKeychain,
} from '../../../electron/vault/passphrase-keychain.ts';
import { openVault } from '../../../electron/vault/vault.ts';

const cheap = { cost: 2 ** 14, blockSize: 8, parallelization: 1 };
const PASSPHRASE = 'correct horse battery';
const SECRET = 'glsa_do-not-print-me';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  file = join(folder, 'vault.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (passphrase?: string) => openVault({ file, cost: cheap, passphrase: () => passphrase });
const content = () => JSON.parse(readFileSync(file, 'utf8'));
const failing = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

async function filled() {
  const vault = await open(PASSPHRASE);
  vault.put('prometheus/token', SECRET);
  vault.put('kubernetes/token', 'another');
  return vault;
}

describe('under a passphrase', () => {
  it('is new until one is set, and unlocked from then on', async () => {
    const vault = await open();
    expect(vault.state()).toBe('new');
    expect(() => vault.get('prometheus/token')).toThrow(failing('locked', 'COUNTERSIGN_PASSPHRASE'));
    await vault.unlock(PASSPHRASE);
    expect(vault.state()).toBe('unlocked');
    expect(vault.names()).toEqual([]);
  });

  it('gives back what was put, also after a restart, until it is removed', async () => {
    await filled();
    const vault = await open(PASSPHRASE);
    expect([vault.get('prometheus/token'), vault.get('missing')]).toEqual([SECRET, undefined]);
    vault.remove('prometheus/token');
    vault.remove('missing');
    expect([vault.has('prometheus/token'), (await open(PASSPHRASE)).names()]).toEqual([
      false,
      ['kubernetes/token'],
    ]);
  });

  it('keeps text of any language as it is', async () => {
    (await open(PASSPHRASE)).put('a', 'pässwörd \u{1f512}\n');
    expect((await open(PASSPHRASE)).get('a')).toBe('pässwörd \u{1f512}\n');
  });

  it('starts locked without it, still knows the names, and says how to unlock', async () => {
    await filled();
    const vault = await open();
    expect([vault.state(), vault.has('prometheus/token'), vault.names()]).toEqual([
      'locked',
      true,
      ['kubernetes/token', 'prometheus/token'],
    ]);
    for (const ask of [() => vault.get('a'), () => vault.put('a', 'b'), () => vault.remove('a')]) {
      expect(ask).toThrow(failing('locked', 'Unlock dialog'));
    }
  });

  it('refuses a wrong one, changes nothing, and takes the right one after it', async () => {
    await filled();
    const before = readFileSync(file, 'utf8');
    const vault = await open();
    await expect(vault.unlock('wrong horse battery')).rejects.toEqual(failing('unauthorized'));
    expect([vault.state(), readFileSync(file, 'utf8')]).toEqual(['locked', before]);
    await vault.unlock(PASSPHRASE);
    expect(vault.get('prometheus/token')).toBe(SECRET);
  });

  it('fails to open when the one in the environment is wrong', async () => {
    await filled();
    await expect(open('wrong horse battery')).rejects.toEqual(failing('unauthorized'));
  });

  it('takes the same characters in another Unicode form', async () => {
    (await open('caf\u00e9 au lait')).put('a', 'b');
    expect((await open('cafe\u0301 au lait')).get('a')).toBe('b');
  });

  it('refuses to set one that is too short, and stays new', async () => {
    const vault = await open();
    await expect(vault.unlock('short')).rejects.toEqual(failing('bad_input', '8 characters'));
    expect([vault.state(), readdirSync(folder)]).toEqual(['new', []]);
  });

  it('keeps one key when two windows set a passphrase at once', async () => {
    const vault = await open();
    await Promise.all([vault.unlock(PASSPHRASE), vault.unlock('the other passphrase')]);
    vault.put('a', 'b');
    const opened = await Promise.all(
      [PASSPHRASE, 'the other passphrase'].map((one) =>
        open(one).then(
          (again) => again.get('a'),
          () => 'refused',
        ),
      ),
    );
    expect(opened.sort()).toEqual(['b', 'refused']);
  });

  it('asks scrypt for at least 128 MiB unless a test says otherwise', () => {
    expect(128 * defaultCost.cost * defaultCost.blockSize).toBeGreaterThanOrEqual(128 * 1024 * 1024);
    expect(PassphraseCost.safeParse(defaultCost).success).toBe(true);
  });

  it('works at the default cost', async () => {
    const keychain = passphraseKeychain(PASSPHRASE, Buffer.alloc(16), defaultCost);
    expect(await keychain.open(await keychain.seal(Buffer.from('key')))).toEqual(Buffer.from('key'));
  });
});

describe('locked again', () => {
  it('gives and takes no secret until the passphrase is given again, and still knows names and head', async () => {
    const vault = await filled();
    vault.keepHead({ note: 'signed head 1' });
    vault.lock();
    expect([vault.state(), vault.names(), vault.has('prometheus/token')]).toEqual([
      'locked',
      ['kubernetes/token', 'prometheus/token'],
      true,
    ]);
    expect(() => vault.get('prometheus/token')).toThrow(failing('locked'));
    expect(() => vault.put('prometheus/token', 'x')).toThrow(failing('locked'));
    // What was signed is kept outside the log also while nobody is there.
    vault.keepHead({ note: 'signed head 2' });
    expect(content().head).toEqual({ note: 'signed head 2' });
    await expect(vault.unlock('not the passphrase')).rejects.toEqual(failing('unauthorized'));
    await vault.unlock(PASSPHRASE);
    expect([vault.get('prometheus/token'), vault.head()]).toEqual([SECRET, { note: 'signed head 2' }]);
  });

  it('tells whether a passphrase is its own while it is open', async () => {
    const vault = await filled();
    await expect(vault.check('not the passphrase')).rejects.toEqual(failing('unauthorized'));
    await vault.check(PASSPHRASE);
    expect(vault.get('prometheus/token')).toBe(SECRET);
  });

  it('keeps further persons beside the secrets, also through a lock', async () => {
    const vault = await filled();
    const { stored } = await newIdentity({
      id: 'idn-0123456789',
      name: 'Bob',
      passphrase: 'his own words',
      nowMs: 1,
      cost: cheap,
    });
    vault.addIdentity(stored);
    vault.lock();
    expect((await open()).identities()).toEqual([stored]);
    expect(vault.identities()).toEqual([stored]);
  });
});

describe('the file', () => {
  it('is private, whole, and shows no secret and no passphrase', async () => {
    await filled();
    const text = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['vault.json']);
    for (const secret of [SECRET, PASSPHRASE]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    }
  });

  it('is made private again when others could read it', async () => {
    await filled();
    chmodSync(file, 0o644);
    await open(PASSPHRASE);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('seals the same secret differently each time', async () => {
    const vault = await filled();
    const before = content().secrets['prometheus/token'];
    vault.put('prometheus/token', SECRET);
    expect(content().secrets['prometheus/token']).not.toBe(before);
  });

  it('does not open a secret that was moved to another name', async () => {
    await filled();
    const { secrets, ...rest } = content();
    const swapped = {
      'prometheus/token': secrets['kubernetes/token'],
      'kubernetes/token': secrets['prometheus/token'],
    };
    writeFileSync(file, JSON.stringify({ ...rest, secrets: swapped }));
    const vault = await open(PASSPHRASE);
    expect(() => vault.get('prometheus/token')).toThrow(failing('storage', 'damaged'));
  });

  it('gives a failure, and no part of the secret, when it is damaged', async () => {
    await filled();
    const whole = content();
    const damaged = Buffer.from(whole.secrets['prometheus/token'], 'base64');
    damaged[20] = (damaged[20] ?? 0) ^ 1;
    const secrets = { ...whole.secrets, 'prometheus/token': damaged.toString('base64') };
    writeFileSync(file, JSON.stringify({ ...whole, secrets }));
    const vault = await open(PASSPHRASE);
    expect(() => vault.get('prometheus/token')).toThrow(failing('storage', 'damaged'));
    expect(vault.get('kubernetes/token')).toBe('another');
  });

  it.each([
    ['no JSON', '{'],
    ['empty', ''],
    ['of a later format', '{"format":"countersign.vault/2"}'],
    [
      'asking for all memory',
      JSON.stringify({
        format: 'countersign.vault/1',
        keychain: { kind: 'passphrase', salt: '', ...cheap, cost: 2 ** 40 },
        key: '',
        secrets: {},
      }),
    ],
    [
      'with a name that is no name',
      JSON.stringify({
        format: 'countersign.vault/1',
        keychain: { kind: 'system', name: 'x' },
        key: '',
        secrets: { '../x': '' },
      }),
    ],
  ])('is refused and left as it is when it is %s', async (_case, text) => {
    writeFileSync(file, text, { mode: 0o600 });
    await expect(open(PASSPHRASE)).rejects.toEqual(failing('storage', file));
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('says what to do when its place cannot be written', async () => {
    writeFileSync(join(folder, 'in the way'), '');
    const vault = await openVault({ file: join(folder, 'in the way', 'vault.json'), cost: cheap });
    await expect(vault.unlock(PASSPHRASE)).rejects.toEqual(failing('storage', 'writable'));
    expect(vault.state()).toBe('new');
  });

  it('keeps what it had when a write fails', async () => {
    const vault = await filled();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'in the way');
    expect(() => vault.put('a', 'b')).toThrow(failing('storage'));
    expect([vault.has('a'), vault.get('prometheus/token')]).toEqual([false, SECRET]);
  });
});

it.each(['', '__proto__', 'a b', '../a', 'a\n', 'x'.repeat(201)])(
  'refuses the name %j for a secret',
  async (name) => {
    const vault = await filled();
    expect(() => vault.put(name, 'b')).toThrow(failing('bad_input'));
    expect([vault.get(name), vault.has(name)]).toEqual([undefined, false]);
  },
);

describe('under the keychain of the system', () => {
  const mask = (bytes: Uint8Array, by: number) => bytes.map((byte) => byte ^ by);
  const system = (by = 7): Keychain => ({
    name: 'the test keychain',
    seal: async (plain) => Buffer.concat([Buffer.of(by), mask(plain, by)]),
    async open(sealed) {
      if (sealed[0] !== by) throw new Error('item not found');
      return mask(sealed.subarray(1), by);
    },
  });

  it('is always unlocked, and never asks for a passphrase', async () => {
    const vault = await openVault({ file, keychain: system() });
    expect([vault.state(), vault.keychain()]).toEqual(['unlocked', 'the test keychain']);
    vault.put('a', SECRET);
    expect((await openVault({ file, keychain: system() })).get('a')).toBe(SECRET);
  });

  it.each([
    ['without that keychain', undefined],
    ['for another user', system(9)],
  ])('stays locked %s, and says where it opens', async (_case, keychain) => {
    await openVault({ file, keychain: system() });
    const vault = await openVault({ file, keychain });
    expect(vault.state()).toBe('locked');
    expect(() => vault.get('a')).toThrow(failing('locked', 'the test keychain'));
    await expect(vault.unlock(PASSPHRASE)).rejects.toEqual(failing('locked', 'the test keychain'));
  });

  it('opens again after a lock, by the keychain alone', async () => {
    const vault = await openVault({ file, keychain: system(), cost: cheap });
    vault.put('prometheus/token', SECRET);
    vault.lock();
    expect(vault.state()).toBe('locked');
    await vault.unlock('');
    expect(vault.get('prometheus/token')).toBe(SECRET);
  });

  it('leaves a vault under its passphrase', async () => {
    await filled();
    const vault = await openVault({ file, keychain: system() });
    expect(vault.state()).toBe('locked');
    await vault.unlock(PASSPHRASE);
    expect(vault.get('prometheus/token')).toBe(SECRET);
  });
});

it('shows neither a secret nor a passphrase in anything it throws or is', async () => {
  const vault = await filled();
  const shown: string[] = [inspect(vault, { depth: 10, showHidden: true })];
  const collect = async (work: () => unknown) => {
    const caught = await Promise.resolve()
      .then(work)
      .catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(Failure);
    shown.push(inspect(caught, { depth: 10, showHidden: true }), JSON.stringify(Failure.toReply(caught)));
  };
  const locked = await open();
  await collect(() => locked.get('prometheus/token'));
  await collect(() => locked.unlock(`${PASSPHRASE} wrong ${SECRET}`));
  await collect(() => vault.put('not a name', SECRET));
  writeFileSync(file, JSON.stringify(content()).replace('"format"', `${SECRET} "format"`), { mode: 0o600 });
  await collect(() => open(PASSPHRASE));
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'in the way');
  await collect(() => vault.put('a', SECRET));
  for (const text of shown) {
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(PASSPHRASE);
  }
});
