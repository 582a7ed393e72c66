import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  append,
  consistencyProof,
  emptyFrontier,
  type Frontier,
  frontierAt,
  growingTree,
  type Hash,
  hashOf,
  inclusionProof,
  isConsistent,
  isIncluded,
  leafDigest,
  leafHash,
  nodeHash,
  nodeOver,
  prefixedDigest,
  type ReadNode,
  rootOf,
  TILE_HEIGHT,
} from '../../../electron/ledger/tree.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const unhex = (text: string) => Buffer.from(text, 'hex');

/** Grows a tree leaf by leaf, the way the log does, keeping each complete node. */
function grow(leaves: readonly Uint8Array[]): { frontier: Frontier; read: ReadNode } {
  const nodes = new Map<string, Hash>();
  let frontier = emptyFrontier;
  for (const leaf of leaves) {
    const added = append(frontier, leafHash(leaf));
    for (const { level, position, hash } of added.completed) nodes.set(`${level}/${position}`, hash);
    frontier = added.frontier;
  }
  const read: ReadNode = (level, position) => {
    const hash = nodes.get(`${level}/${position}`);
    if (!hash) throw new Error(`no node ${level}/${position}`);
    return hash;
  };
  return { frontier, read };
}

/** RFC 6962 section 2.1 as it is written, with all leaves at hand: the tree under test never works like this. */
function rootByDefinition(leaves: readonly Uint8Array[]): Hash {
  const [only] = leaves;
  if (!only) return unhex('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  if (leaves.length === 1) return leafHash(only);
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return nodeHash(rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split)));
}

// The reference inputs, roots and proofs of the certificate-transparency project.
const inputs = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the published vectors', () => {
  it.each(roots.map((root, size) => ({ size, root })))('give the root of $size leaves', ({ size, root }) => {
    const { frontier, read } = grow(inputs.slice(0, size).map(unhex));
    expect(hex(rootOf(frontier))).toBe(root);
    expect(hex(rootOf(frontierAt(size, read)))).toBe(root);
  });

  it.each([
    [0, 1, []],
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
    [
      1,
      5,
      [
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('give the path from leaf %i to the root of %i', (index, size, path) => {
    const { read } = grow(inputs.map(unhex));
    expect(inclusionProof(index, size, read).map(hex)).toEqual(path);
    expect(
      isIncluded(
        leafHash(unhex(inputs[index] ?? '')),
        index,
        size,
        path.map(unhex),
        unhex(roots[size] ?? ''),
      ),
    ).toBe(true);
  });

  it.each([
    [1, 1, []],
    [
      1,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('show that %i leaves grew into %i', (from, to, path) => {
    const { read } = grow(inputs.map(unhex));
    const head = (size: number) => ({ size, root: unhex(roots[size] ?? '') });
    expect(consistencyProof(from, to, read).map(hex)).toEqual(path);
    expect(isConsistent(head(from), head(to), path.map(unhex))).toBe(true);
  });
});

// Distinct, for a leaf that stands twice is rightly proven at both places.
const someLeaves = fc.uniqueArray(fc.uint8Array({ maxLength: 8 }), {
  minLength: 1,
  maxLength: 130,
  selector: hex,
});

describe('for any leaves', () => {
  it('the root folded from complete nodes is the root by definition', () => {
    fc.assert(
      fc.property(someLeaves, (leaves) => {
        const { frontier, read } = grow(leaves);
        expect(hex(rootOf(frontier))).toBe(hex(rootByDefinition(leaves)));
        expect(frontierAt(leaves.length, read)).toEqual(frontier);
      }),
    );
  });

  it('every leaf of every earlier tree is proven, and only at its own place', () => {
    fc.assert(
      fc.property(someLeaves, fc.nat(), fc.nat(), (leaves, a, b) => {
        const { read } = grow(leaves);
        const size = 1 + (a % leaves.length);
        const index = b % size;
        const leaf = leafHash(leaves[index] ?? new Uint8Array());
        const root = rootByDefinition(leaves.slice(0, size));
        const proof = inclusionProof(index, size, read);
        expect(isIncluded(leaf, index, size, proof, root)).toBe(true);
        expect(isIncluded(leafHash(Buffer.from('another leaf')), index, size, proof, root)).toBe(false);
        expect(isIncluded(leaf, index, size, [...proof, leaf], root)).toBe(false);
        expect(isIncluded(leaf, index, size, proof, leaf)).toBe(size === 1);
        if (proof.length > 0) expect(isIncluded(leaf, index, size, proof.slice(1), root)).toBe(false);
        const elsewhere = index % 2 === 0 ? index + 1 : index - 1;
        if (elsewhere < size) expect(isIncluded(leaf, elsewhere, size, proof, root)).toBe(false);
      }),
    );
  });

  it('every earlier tree is proven to be a beginning, and no other root is', () => {
    fc.assert(
      fc.property(someLeaves, fc.nat(), (leaves, a) => {
        const { read } = grow(leaves);
        const size = a % (leaves.length + 1);
        const older = { size, root: rootByDefinition(leaves.slice(0, size)) };
        const newer = { size: leaves.length, root: rootByDefinition(leaves) };
        const proof = consistencyProof(size, leaves.length, read);
        expect(isConsistent(older, newer, proof)).toBe(true);
        const forged = { size, root: leafHash(Buffer.from('forged')) };
        expect(isConsistent(forged, newer, proof)).toBe(false);
        expect(isConsistent(older, { ...newer, root: forged.root }, proof)).toBe(
          size === 0 && proof.length === 0,
        );
        expect(isConsistent(older, newer, [...proof, newer.root])).toBe(false);
      }),
    );
  });
});

it('refuses to prove a leaf that is not in the tree', () => {
  const { read } = grow([unhex('00')]);
  expect(() => inclusionProof(1, 1, read)).toThrow('no leaf 1');
  expect(() => inclusionProof(-1, 1, read)).toThrow('no leaf -1');
  expect(() => consistencyProof(2, 1, read)).toThrow('does not extend');
});

it('answers no, without running on, to sizes that are no sizes', () => {
  const leaf = leafHash(unhex('00'));
  for (const size of [-1, 0, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(isIncluded(leaf, 0, size, [], leaf)).toBe(false);
    expect(isConsistent({ size, root: leaf }, { size: 1, root: leaf }, [leaf])).toBe(false);
  }
});

it('counts beyond 2^31 leaves, where shifting would wrap around', () => {
  const read: ReadNode = (level, position) => leafHash(Buffer.from(`${level}/${position}`));
  const size = 2 ** 33 + 3;
  const proof = inclusionProof(2 ** 32 + 1, size, read);
  expect(isIncluded(read(0, 2 ** 32 + 1), 2 ** 32 + 1, size, proof, rootOf(frontierAt(size, read)))).toBe(
    false,
  );
  expect(frontierAt(size, read).hashes).toEqual([read(33, 0), read(1, 2 ** 32), read(0, 2 ** 33 + 2)]);
});

describe('a tree that grows in place', () => {
  const leafAt = (index: number): string => leafDigest(Buffer.from(`leaf ${index}`));

  it('has the root of the tree that is put together leaf by leaf, and keeps its nodes of every eighth level', () => {
    const tree = growingTree();
    let frontier = emptyFrontier;
    const kept: unknown[] = [];
    const expected: unknown[] = [];
    for (let index = 0; index < 66_000; index += 1) {
      kept.push(...tree.add(leafAt(index)));
      const added = append(frontier, hashOf(leafAt(index)));
      frontier = added.frontier;
      expected.push(...added.completed.filter(({ level }) => level > 0 && level % TILE_HEIGHT === 0));
      if (index % 1000 < 20) expect(tree.root()).toEqual(rootOf(frontier));
    }
    expect(tree.size()).toBe(66_000);
    expect(kept).toEqual(expected);
    expect(kept).toHaveLength(257 + 1);
  });

  it('goes on from any frontier', () => {
    const whole = growingTree();
    let frontier = emptyFrontier;
    for (let size = 0; size < 70; size += 1) {
      const begun = growingTree(frontier);
      expect([begun.size(), begun.root()]).toEqual([size, whole.root()]);
      whole.add(leafAt(size));
      begun.add(leafAt(size));
      expect(begun.root()).toEqual(whole.root());
      frontier = append(frontier, hashOf(leafAt(size))).frontier;
    }
  });

  it('hashes a leaf the same whether it is long or stands behind a zero already', () => {
    for (const length of [0, 1, 65_534, 65_535, 65_536, 100_000]) {
      const bytes = Buffer.alloc(length, 7);
      expect(leafDigest(bytes)).toBe(prefixedDigest(Buffer.concat([Uint8Array.of(0), bytes])));
    }
    expect(Buffer.from(leafHash(Buffer.alloc(0))).toString('hex')).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
  });
});

describe('any node', () => {
  it('is folded from those that are kept', () => {
    const every = new Map<string, Hash>();
    let frontier = emptyFrontier;
    for (let index = 0; index < 1500; index += 1) {
      const added = append(frontier, leafHash(Buffer.from(`leaf ${index}`)));
      frontier = added.frontier;
      for (const { level, position, hash } of added.completed) every.set(`${level} ${position}`, hash);
    }
    const read = nodeOver((level, from, count) => {
      expect(level % TILE_HEIGHT).toBe(0);
      return Buffer.concat(
        Array.from({ length: count }, (_, index) => every.get(`${level} ${from + index}`) ?? Buffer.alloc(0)),
      );
    });
    for (const [name, hash] of every) {
      const [level = 0, position = 0] = name.split(' ').map(Number);
      expect(read(level, position), name).toEqual(hash);
    }
  });

  it('is missing where one of those is, or is no hash', () => {
    const hash = leafHash(Buffer.from('a'));
    expect(nodeOver(() => Buffer.alloc(0))(0, 0)).toBeUndefined();
    expect(nodeOver(() => hash)(1, 0)).toBeUndefined();
    expect(nodeOver(() => Buffer.concat([hash, hash.subarray(1)]))(1, 0)).toBeUndefined();
    expect(nodeOver(() => Buffer.concat([hash, hash]))(1, 0)).toEqual(nodeHash(hash, hash));
  });
});
