import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../../electron/ledger/note.ts';
import {
  formatConsistencyProof,
  formatInclusionProof,
  parseConsistencyProof,
  parseInclusionProof,
  verifyConsistencyProof,
  verifyInclusionProof,
} from '../../../electron/ledger/proofs/tlog-proof.ts';
import {
  append,
  consistencyProof,
  emptyFrontier,
  type Hash,
  inclusionProof,
  leafHash,
  type ReadNode,
  rootOf,
} from '../../../electron/ledger/tree.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';

const ORIGIN = 'countersign.local/real/log-test';
const signer = signerOf(newPrivateKey());
const key = { name: ORIGIN, publicKey: signer.publicKey };
const SIZE = 40;

const leaves = Array.from({ length: SIZE }, (_, index) => Buffer.from(`entry ${index}`));
const nodes = new Map<string, Hash>();
const roots: Hash[] = [];
let frontier = emptyFrontier;
for (const leaf of leaves) {
  const added = append(frontier, leafHash(leaf));
  for (const { level, position, hash } of added.completed) nodes.set(`${level}/${position}`, hash);
  frontier = added.frontier;
  roots.push(rootOf(frontier));
}
const read: ReadNode = (level, position) => nodes.get(`${level}/${position}`) ?? new Uint8Array();
const rootAt = (size: number): Hash => roots[size - 1] ?? new Uint8Array();
const noteAt = (size: number, by = signer, origin = ORIGIN) =>
  signCheckpoint({ origin, size, root: rootAt(size) }, by);
const inclusionAt = (index: number, size: number): string =>
  formatInclusionProof({ index, hashes: inclusionProof(index, size, read), checkpoint: noteAt(size) });
const consistencyAt = (oldSize: number, size: number): string =>
  formatConsistencyProof({
    oldSize,
    hashes: consistencyProof(oldSize, size, read),
    checkpoint: noteAt(size),
  });

const size = fc.integer({ min: 1, max: SIZE });
const pair = size.chain((larger) => fc.tuple(fc.integer({ min: 0, max: larger - 1 }), fc.constant(larger)));
const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 63 });
const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });

describe('an inclusion proof', () => {
  it('is spelled as C2SP tlog-proof spells it', () => {
    const note = noteAt(2);
    const expected = Buffer.from(leafHash(Buffer.from('entry 1'))).toString('base64');
    expect(inclusionAt(0, 2)).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n${expected}\n\n${note}`);
    expect(formatInclusionProof({ index: 7, hashes: [], checkpoint: note, extra: Buffer.from('x') })).toBe(
      `c2sp.org/tlog-proof@v1\nextra eA==\nindex 7\n\n${note}`,
    );
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(
        number,
        hashes,
        size,
        fc.option(fc.uint8Array({ minLength: 1 })),
        (index, list, at, bytes) => {
          const proof = { index, hashes: list, checkpoint: noteAt(at), ...(bytes && { extra: bytes }) };
          const again = parseInclusionProof(formatInclusionProof(proof));
          expect(again && formatInclusionProof(again)).toBe(formatInclusionProof(proof));
          expect(again).toMatchObject({ index, checkpoint: proof.checkpoint });
          expect(again?.hashes.map((hash) => [...hash])).toEqual(list.map((hash) => [...hash]));
        },
      ),
    );
  });

  it('shows that its entry is in the log, and no other entry, place or key', () => {
    const stranger = { ...key, publicKey: signerOf(newPrivateKey()).publicKey };
    fc.assert(
      fc.property(pair, ([index, at]) => {
        const text = inclusionAt(index, at);
        const leaf = leaves[index] ?? Buffer.alloc(0);
        expect(verifyInclusionProof(text, key, leaf)).toMatchObject({ ok: true, checkpoint: { size: at } });
        expect(verifyInclusionProof(text, key, Buffer.concat([leaf, Buffer.from(' ')])).ok).toBe(false);
        const moved = text.replace(`index ${index}\n`, `index ${index + 1}\n`);
        expect(verifyInclusionProof(moved, key, leaf).ok).toBe(false);
        expect(verifyInclusionProof(text, stranger, leaf).ok).toBe(false);
        expect(verifyInclusionProof(text, { ...key, name: `${ORIGIN}x` }, leaf).ok).toBe(false);
      }),
    );
  });

  it('stops proving with any character changed', () => {
    const text = inclusionAt(5, 13);
    const leaf = leaves[5] ?? Buffer.alloc(0);
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'A' ? 'B' : 'A';
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      expect([at, verifyInclusionProof(changed, key, leaf).ok]).toEqual([at, false]);
    }
  });

  it('has one spelling', () => {
    const text = inclusionAt(3, 8);
    const others = [
      text.replace('index 3', 'index 03'),
      text.replace('index 3', 'index +3'),
      text.replace('index 3', 'index  3'),
      text.replace('index 3', 'Index 3'),
      text.replace('index 3\n', ''),
      text.replace('index 3', 'extra \nindex 3'),
      text.replace('index 3', 'index 3\nextra eA=='),
      text.replace('index 3', 'index 99999999999999999'),
      text.replace('@v1', '@v2'),
      text.replace('=\n', '\n'),
      text.replace('=\n', '= \n'),
      text.replaceAll('\n', '\r\n'),
      text.replace('\n\n', '\n'),
      text.replace('\n\n', '\n\n\n'),
      text.slice(0, -1),
      `${text}\n`,
      ` ${text}`,
      '',
    ];
    expect(parseInclusionProof(text)).toBeDefined();
    for (const other of others) expect([other, parseInclusionProof(other)]).toEqual([other, undefined]);
  });

  it('takes no more hashes than a tree can need', () => {
    const many = Array.from({ length: 64 }, () => new Uint8Array(32));
    expect(() => formatInclusionProof({ index: 0, hashes: many, checkpoint: noteAt(1) })).toThrow();
  });
});

describe('a consistency proof', () => {
  it('is spelled as the body of an add-checkpoint request', () => {
    const right = Buffer.from(leafHash(Buffer.from('entry 1'))).toString('base64');
    expect(consistencyAt(1, 2)).toBe(`old 1\n${right}\n\n${noteAt(2)}`);
    expect(consistencyAt(2, 2)).toBe(`old 2\n\n${noteAt(2)}`);
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(number, hashes, size, (oldSize, list, at) => {
        const text = formatConsistencyProof({ oldSize, hashes: list, checkpoint: noteAt(at) });
        const again = parseConsistencyProof(text);
        expect(again?.oldSize).toBe(oldSize);
        expect(again && formatConsistencyProof(again)).toBe(text);
      }),
    );
  });

  it('shows that the log extends the older head, and no other one', () => {
    fc.assert(
      fc.property(pair, ([older, newer]) => {
        fc.pre(older > 0);
        const text = consistencyAt(older, newer);
        const head = { size: older, root: rootAt(older) };
        expect(verifyConsistencyProof(text, key, head)).toMatchObject({
          ok: true,
          checkpoint: { size: newer },
        });
        const forked = { ...head, root: leafHash(Buffer.from('another history')) };
        expect(verifyConsistencyProof(text, key, forked).ok).toBe(false);
        expect(verifyConsistencyProof(text, key, { ...head, size: older + 1 }).ok).toBe(false);
      }),
    );
  });

  it('does not count when its checkpoint is signed for or by another log', () => {
    const head = { size: 3, root: rootAt(3) };
    const other = 'countersign.local/real/log-other';
    const proof = { oldSize: 3, hashes: consistencyProof(3, 7, read) };
    const strange = formatConsistencyProof({ ...proof, checkpoint: noteAt(7, signer, other) });
    expect(verifyConsistencyProof(strange, key, head).ok).toBe(false);
    const forged = formatConsistencyProof({ ...proof, checkpoint: noteAt(7, signerOf(newPrivateKey())) });
    expect(verifyConsistencyProof(forged, key, head).ok).toBe(false);
  });

  it('has one spelling', () => {
    const text = consistencyAt(3, 8);
    expect(parseConsistencyProof(text)).toBeDefined();
    for (const other of [
      text.replace('old 3', 'old 03'),
      text.replace('old 3', 'old 3 '),
      text.replace('old 3', 'size 3'),
      text.replace('=\n', '\n'),
      text.replace('\n\n', '\n\n\n'),
      `${text}\n`,
      inclusionAt(3, 8),
    ]) {
      expect([other, parseConsistencyProof(other)]).toEqual([other, undefined]);
    }
  });
});

it('refuses any text without falling over', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(parseInclusionProof(text)).toBeUndefined();
      expect(parseConsistencyProof(text)).toBeUndefined();
    }),
  );
});
