import { createHash, verify } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  differenceFrom,
  digestOf,
  hasItsSignature,
  type Manifest,
  manifestText,
  parseManifest,
  signManifest,
} from '../../../../electron/guard/envelope/manifest.ts';
import { newPrivateKey, signerOf } from '../../../../electron/platform/ed25519.ts';
import { publicKeyObject } from '../../../fixtures/public-key-object.ts';

const signer = signerOf(newPrivateKey());
const files = new Map([
  ['policies/base.cedar', Buffer.from('permit(principal, action, resource);')],
  ['envelope.yaml', Buffer.from("version: '3'\n")],
]);
const signed = () =>
  signManifest({ version: '3', signedAtMs: Date.parse('2026-11-21T10:00:00Z'), name: 'Mina', files }, signer);

describe('a manifest', () => {
  it('is signed over the RFC 8785 form of everything but the signature, so that other tools can verify it', () => {
    const { signature, ...body } = signed();
    const bytes = Buffer.from(canonicalize(body) ?? '');
    const key = publicKeyObject(signer.publicKey);
    expect(verify(null, bytes, key, Buffer.from(signature, 'base64'))).toBe(true);
    expect(digestOf({ ...body, signature })).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('reads back from its text, however that is laid out', () => {
    const manifest = signed();
    expect(parseManifest(manifestText(manifest))).toEqual(manifest);
    const shuffled = Object.fromEntries(Object.entries(manifest).reverse());
    const other = parseManifest(JSON.stringify(shuffled));
    expect(hasItsSignature(other)).toBe(true);
    expect(digestOf(other)).toBe(digestOf(manifest));
  });

  it('does not hold when anything that was signed is another', () => {
    const changes: ((manifest: Manifest) => Manifest)[] = [
      (one) => ({ ...one, version: '4' }),
      (one) => ({ ...one, signedAt: '2026-11-21T10:00:00.001Z' }),
      (one) => ({ ...one, signer: { ...one.signer, name: 'Minа' } }),
      (one) => ({ ...one, signer: signed2().signer }),
      (one) => ({ ...one, files: one.files.slice(1) }),
      (one) => ({ ...one, files: one.files.map((file) => ({ ...file, sha256: '0'.repeat(64) })) }),
      (one) => ({ ...one, signature: signed2().signature }),
    ];
    for (const change of changes) expect(hasItsSignature(change(signed()))).toBe(false);
  });

  it('does not hold after any bit of the signature is turned', () => {
    const manifest = signed();
    const bytes = Buffer.from(manifest.signature, 'base64');
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const turned = Buffer.from(bytes);
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return !hasItsSignature({ ...manifest, signature: turned.toString('base64') });
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['no JSON', 'signed, honestly'],
    ['a member nobody knows', JSON.stringify({ ...signed(), trusted: true })],
    ['a prototype', `{"__proto__":${JSON.stringify(signed())}}`],
    ['a file twice', JSON.stringify({ ...signed(), files: [...signed().files, ...signed().files] })],
    ['no file', JSON.stringify({ ...signed(), files: [] })],
    ['another format', JSON.stringify({ ...signed(), format: 'countersign.manifest/2' })],
    ['a version that is no whole number', JSON.stringify({ ...signed(), version: '3.1' })],
    ['a version with a leading zero', JSON.stringify({ ...signed(), version: '03' })],
    ['a key of another length', JSON.stringify({ ...signed(), signer: { name: 'Mina', publicKey: 'AAAA' } })],
    ['a signature of another length', JSON.stringify({ ...signed(), signature: '' })],
  ])('is refused with %s', (_case, text) => {
    expect(() => parseManifest(text)).toThrow(/manifest\.json/);
  });
});

describe('the files that were read', () => {
  it('are those of the manifest', () => {
    expect(differenceFrom(signed(), files)).toBeUndefined();
  });

  it.each([
    [
      'altered',
      new Map([...files, ['envelope.yaml', Buffer.from("version: '3' \n")]]),
      /envelope\.yaml was altered/,
    ],
    [
      'added',
      new Map([...files, ['policies/more.cedar', Buffer.from('')]]),
      /policies\/more\.cedar was added/,
    ],
    ['taken away', new Map([...files].slice(1)), /policies\/base\.cedar is missing/],
    [
      'renamed',
      new Map([...files].map(([path, bytes]) => [path.replace('base', 'bose'), bytes])),
      /was added/,
    ],
  ])('are told apart when one was %s', (_case, read, sentence) => {
    expect(differenceFrom(signed(), read)).toMatch(sentence);
  });
});

function signed2(): Manifest {
  const other = signerOf(newPrivateKey());
  return signManifest({ version: '3', signedAtMs: 0, name: 'Mallory', files }, other);
}
