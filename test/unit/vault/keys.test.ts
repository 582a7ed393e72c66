import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSignedBy, newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';
import { Failure } from '../../../electron/platform/failure.ts';
import { keyFile, signingKeys } from '../../../electron/vault/keys.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  file = join(folder, 'drill-keys.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const message = Buffer.from('intent');

describe('Ed25519', () => {
  // RFC 8032 section 7.1, tests 1 to 3. The prefix is the PKCS #8 form of RFC 8410 around the 32-byte seed.
  it.each([
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
  ])('signs as RFC 8032 says (seed %s)', (seed, publicKey, text, signature) => {
    const signer = signerOf(Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'));
    expect(Buffer.from(signer.publicKey).toString('hex')).toBe(publicKey);
    expect(Buffer.from(signer.sign(Buffer.from(text, 'hex'))).toString('hex')).toBe(signature);
    expect(isSignedBy(signer.publicKey, Buffer.from(text, 'hex'), Buffer.from(signature, 'hex'))).toBe(true);
  });

  it('knows its own signatures, and no other message, key or form', () => {
    const signer = signerOf(newPrivateKey());
    const signature = signer.sign(message);
    expect(isSignedBy(signer.publicKey, message, signature)).toBe(true);
    expect(isSignedBy(signer.publicKey, Buffer.from('intent!'), signature)).toBe(false);
    expect(isSignedBy(signerOf(newPrivateKey()).publicKey, message, signature)).toBe(false);
    expect(isSignedBy(signer.publicKey.subarray(1), message, signature)).toBe(false);
    expect(isSignedBy(signer.publicKey, message, signature.subarray(1))).toBe(false);
  });

  it('refuses what is no Ed25519 private key without quoting it', () => {
    const bytes = Buffer.from('a secret that is no key');
    let thrown: unknown;
    try {
      signerOf(bytes);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toEqual(new Error('Not an Ed25519 private key'));
    expect(inspect(thrown, { depth: 5, showHidden: true })).not.toContain(bytes.toString('base64'));
  });
});

describe('signing keys', () => {
  it('makes a key once and finds it again', () => {
    const first = signingKeys(keyFile(file)).of('ledger');
    const again = signingKeys(keyFile(file));
    expect(isSignedBy(again.of('ledger').publicKey, message, first.sign(message))).toBe(true);
    expect(again.of('envelope').publicKey).not.toEqual(first.publicKey);
    expect(again.of('ledger').publicKey).toEqual(first.publicKey);
  });

  it('shows no private key when it is printed', () => {
    const keys = signingKeys(keyFile(file));
    const shown = inspect([keys, keys.of('ledger')], { depth: 10, showHidden: true });
    const [secret] = Object.values(JSON.parse(readFileSync(file, 'utf8')).keys) as string[];
    expect(secret).toMatch(/^MC4CAQAw/);
    expect(shown).not.toContain(secret);
  });

  it('signs on with what it read while the vault is locked, but for what it was told to forget', () => {
    const secrets = new Map<string, string>();
    let locked = false;
    const keys = signingKeys({
      has: (name) => secrets.has(name),
      get: (name) => {
        if (locked) throw new Failure('locked', 'The vault is locked.');
        return secrets.get(name);
      },
      put: (name, value) => void secrets.set(name, value),
    });
    const log = keys.of('log');
    const approver = keys.of('approver');
    locked = true;
    keys.forget('approver');
    expect(keys.of('log').publicKey).toEqual(log.publicKey);
    expect(() => keys.of('approver')).toThrow('locked');
    locked = false;
    expect(keys.of('approver').publicKey).toEqual(approver.publicKey);
  });

  it('passes on that the vault is locked, and tries again later', () => {
    let secret: string | undefined;
    let locked = true;
    const keys = signingKeys({
      get: () => {
        if (locked) throw new Failure('locked', 'The vault is locked.');
        return secret;
      },
      put: (_name, value) => {
        secret = value;
      },
    });
    expect(() => keys.of('ledger')).toThrow('locked');
    locked = false;
    expect(keys.of('ledger').sign(message)).toHaveLength(64);
  });
});

describe('the key file of the drills', () => {
  it('is private, and made so again', () => {
    signingKeys(keyFile(file)).of('ledger');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o666);
    signingKeys(keyFile(file)).of('ledger');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['no JSON', '{'],
    ['another format', '{"format":"x","keys":{}}'],
    ['a key that is no key', '{"format":"countersign.drill-keys/1","keys":{"key/ledger":"AAAA"}}'],
  ])('is refused and kept when it holds %s', (_case, text) => {
    writeFileSync(file, text, { mode: 0o600 });
    expect(() => signingKeys(keyFile(file)).of('ledger')).toThrow(
      expect.objectContaining({ code: 'storage' }),
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
