import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  fromBase64,
  isNoteName,
  keyId,
  openCheckpoint,
  parseVerifierKey,
  readCheckpoint,
  signCheckpoint,
  verifierKeyText,
} from '../../../electron/ledger/note.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';

const origin = 'countersign.local/real/log-1';
const signer = signerOf(newPrivateKey());
const key = { name: origin, publicKey: signer.publicKey };
const root = new Uint8Array(32).fill(7);
const note = signCheckpoint({ origin, size: 42, root }, signer);

describe('the published example of a signed note', () => {
  // The key, text and signature of the Go package golang.org/x/mod/sumdb/note, which defined the format.
  const peter = parseVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
  const text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const signature =
    'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';

  it('has the key id we compute', () => {
    expect(Buffer.from(keyId(peter ?? key)).toString('hex')).toBe('c74f20a3');
  });

  it('has the signature we expect: over the text with its last newline, after four bytes of key id', () => {
    const bytes = Buffer.from(signature, 'base64');
    const spki = Buffer.concat([
      Buffer.from('302a300506032b6570032100', 'hex'),
      peter?.publicKey ?? new Uint8Array(),
    ]);
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    expect(bytes.subarray(0, 4).toString('hex')).toBe('c74f20a3');
    expect(verify(null, Buffer.from(text), publicKey, bytes.subarray(4))).toBe(true);
  });
});

describe('a checkpoint', () => {
  it('is the text of C2SP tlog-checkpoint, byte for byte', () => {
    const text = `${origin}\n42\n${Buffer.from(root).toString('base64')}\n`;
    const signed = Buffer.concat([keyId(key), signer.sign(Buffer.from(text))]).toString('base64');
    expect(note).toBe(`${text}\n\u2014 ${origin} ${signed}\n`);
  });

  it('opens with its key and no other', () => {
    expect(openCheckpoint(note, key)).toEqual({
      ok: true,
      checkpoint: { origin, size: 42, root: Buffer.from(root) },
    });
    const stranger = { name: origin, publicKey: signerOf(newPrivateKey()).publicKey };
    expect(openCheckpoint(note, stranger)).toMatchObject({ ok: false, how: 'key' });
    expect(openCheckpoint(note, { ...key, name: 'another' })).toMatchObject({ ok: false, how: 'key' });
  });

  it('leaves lines signed by others alone', () => {
    const witness = `\u2014 witness.example/w1 ${Buffer.from('01020304ffff', 'hex').toString('base64')}\n`;
    expect(openCheckpoint(note + witness, key)).toMatchObject({ ok: true });
  });

  it('does not hold when any one bit of it differs', () => {
    const bytes = Buffer.from(note);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openCheckpoint(damaged.toString('utf8'), key), `bit ${bit}`).toMatchObject({ ok: false });
    }
  });

  it.each<[string, (text: string) => string]>([
    ['an empty text', () => ''],
    ['no signature', (text) => text.split('\n\n')[0] ?? ''],
    ['no last newline', (text) => text.slice(0, -1)],
    ['a carriage return', (text) => text.replace('\n', '\r\n')],
    ['a size with a leading zero', (text) => text.replace('\n42\n', '\n042\n')],
    ['a size beyond what can be counted', (text) => text.replace('\n42\n', '\n9999999999999999\n')],
    ['a root of another length', (text) => text.replace(/\n[^\n]{44}\n/, '\nAAAA\n')],
    ['a signature line with a word too many', (text) => text.replace(/\n$/, ' x\n')],
    ['a hyphen for the dash', (text) => text.replace('\u2014', '-')],
    ['megabytes of it', (text) => text + 'x'.repeat(1 << 20)],
  ])('is refused with %s', (_case, change) => {
    const changed = change(note);
    expect(changed).not.toBe(note);
    expect(openCheckpoint(changed, key)).toMatchObject({ ok: false });
  });

  it('can be read without its key, when it is one', () => {
    expect(readCheckpoint(note)).toMatchObject({ origin, size: 42 });
    expect(readCheckpoint('nonsense')).toBeUndefined();
  });
});

describe('names, keys and base64', () => {
  it.each(['', 'a b', 'a+b', 'a\nb', 'a\u0000', 'a\u00a0b', '\ud800', 'x'.repeat(201)])(
    'refuses the name %j',
    (name) => {
      expect(isNoteName(name)).toBe(false);
      expect(() => signCheckpoint({ origin: name, size: 1, root }, signer)).toThrow('plain name');
    },
  );

  it('reads a verifier key only in its one spelling', () => {
    const text = verifierKeyText(key);
    expect(parseVerifierKey(text)).toEqual({ name: origin, publicKey: Buffer.from(signer.publicKey) });
    for (let at = 0; at < text.length; at += 1) {
      expect(parseVerifierKey(`${text.slice(0, at)}!${text.slice(at + 1)}`), `place ${at}`).toBeUndefined();
    }
    expect(parseVerifierKey(`${text}\n`)).toBeUndefined();
  });

  it.each(['', 'A', 'AA', 'AB==', 'AA==\n', 'A A=', 'AA=A', '-_=='])('reads no base64 in %j', (text) => {
    expect(fromBase64(text)).toBeUndefined();
  });
});
