import { expect, test } from 'vitest';
import {
  bundlePath,
  decodeBundle,
  encodeBundle,
  lastPaths,
  placesOf,
  type TileSource,
  tileFiles,
  tilePath,
} from '../../../electron/ledger/proofs/tiles.ts';
import {
  append,
  emptyFrontier,
  type Hash,
  leafHash,
  nodeHash,
  rootOf,
} from '../../../electron/ledger/tree.ts';

const FULL = 256;

/** A log held in memory; every complete node is known, as in no real one. */
function logOf(size: number) {
  const entries = Array.from({ length: size }, (_, at) => Buffer.from(`entry ${at}`));
  const nodes = new Map<string, Hash>();
  let frontier = emptyFrontier;
  for (const bytes of entries) {
    const added = append(frontier, leafHash(bytes));
    frontier = added.frontier;
    for (const { level, position, hash } of added.completed) nodes.set(`${level} ${position}`, hash);
  }
  const asked: number[] = [];
  const source: TileSource = {
    entries: (from, to) => entries.slice(from, to),
    node: (level, position) => {
      asked.push(level);
      return nodes.get(`${level} ${position}`);
    },
  };
  return { source, entries, nodes, asked, head: { size, root: rootOf(frontier) } };
}

const pathsOf = (from: number, size: number): string[] => {
  const { source, head } = logOf(size);
  return [...tileFiles(source, from, head)].map(({ path }) => path);
};

test('a number is written in groups of three digits, as the specification shows', () => {
  expect(tilePath(0, { index: 1234067, width: FULL })).toBe('tile/0/x001/x234/067');
  expect(tilePath(3, { index: 0, width: FULL })).toBe('tile/3/000');
  expect(tilePath(0, { index: 999, width: 1 })).toBe('tile/0/999.p/1');
  expect(tilePath(1, { index: 1000, width: 255 })).toBe('tile/1/x001/000.p/255');
  expect(bundlePath({ index: 273, width: 112 })).toBe('tile/entries/273.p/112');
  expect(bundlePath({ index: Number.MAX_SAFE_INTEGER, width: FULL })).toBe(
    'tile/entries/x009/x007/x199/x254/x740/991',
  );
});

test.each([
  { index: -1, width: 1 },
  { index: 0.5, width: 1 },
  { index: 2 ** 53, width: 1 },
  { index: 0, width: 0 },
  { index: 0, width: 257 },
])('tile $index of width $width does not exist', (place) => {
  expect(() => tilePath(0, place)).toThrow('no tile');
});

test('a tree of 70,000 entries has the tiles that the specification counts', () => {
  const [leaves, middle, top, above] = [0, 1, 2, 3].map((level) => [...placesOf(level, 0, 70_000)]);
  expect(leaves).toHaveLength(274);
  expect(leaves?.filter(({ width }) => width === FULL)).toHaveLength(273);
  expect(leaves?.at(-1)).toEqual({ index: 273, width: 112 });
  expect(middle).toEqual([
    { index: 0, width: FULL },
    { index: 1, width: 17 },
  ]);
  expect(top).toEqual([{ index: 0, width: 1 }]);
  expect(above).toEqual([]);
});

test('256 entries are a full tile and one hash above it', () => {
  expect(pathsOf(0, 256)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
});

test('what was there before is not written again, and what grew is', () => {
  expect(pathsOf(5, 5)).toEqual([]);
  expect(pathsOf(5, 7)).toEqual(['tile/entries/000.p/7', 'tile/0/000.p/7']);
  expect(pathsOf(255, 257)).toEqual([
    'tile/entries/000',
    'tile/0/000',
    'tile/entries/001.p/1',
    'tile/0/001.p/1',
    'tile/1/000.p/1',
  ]);
  expect(pathsOf(256, 300)).toEqual(['tile/entries/001.p/44', 'tile/0/001.p/44']);
});

test('a tile holds the leaf hashes, and the one above the roots of full tiles', () => {
  const { source, entries, head } = logOf(513);
  const files = new Map([...tileFiles(source, 0, head)].map(({ path, bytes }) => [path, Buffer.from(bytes)]));
  const leaves = entries.slice(0, FULL).map(leafHash);
  expect(files.get('tile/0/000')).toEqual(Buffer.concat(leaves));
  const folded = leaves.map((hash) => hash);
  while (folded.length > 1)
    for (let at = 0; at < folded.length; at += 1)
      folded.splice(at, 2, nodeHash(folded[at] ?? leaves[0] ?? head.root, folded[at + 1] ?? head.root));
  expect(files.get('tile/1/000.p/2')?.subarray(0, 32)).toEqual(folded[0]);
  expect(files.get('tile/0/000')).toHaveLength(8192);
  expect(decodeBundle(files.get('tile/entries/002.p/1') ?? Buffer.alloc(0))).toEqual([entries[512]]);
});

test('only levels that are multiples of 8 are read', () => {
  const { source, head, asked } = logOf(700);
  expect([...tileFiles(source, 0, head)].length).toBeGreaterThan(0);
  expect(new Set(asked)).toEqual(new Set([8]));
});

test('a bundle gives its entries back, the longest one too, and none when it was cut', () => {
  const entries = [Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(65_535, 7)];
  const bundle = encodeBundle(entries);
  expect([...bundle.subarray(0, 3)]).toEqual([0, 1, 97]);
  expect(decodeBundle(bundle)?.map((bytes) => Buffer.from(bytes))).toEqual(entries);
  expect(decodeBundle(bundle.subarray(0, -1))).toBeUndefined();
  expect(decodeBundle(Uint8Array.of(1))).toBeUndefined();
  expect(() => encodeBundle([Buffer.alloc(65_536)])).toThrow('longer than any can be');
});

test.each([
  ['full', 300, 3],
  ['not full', 300, 299],
])('an entry that was changed in a tile that is %s is not handed out as the log', (_, size, changed) => {
  const { source, head } = logOf(size);
  const forged: TileSource = {
    ...source,
    entries: (from, to) =>
      source.entries(from, to).map((bytes, at) => (from + at === changed ? Buffer.from('forged') : bytes)),
  };
  expect(() => [...tileFiles(forged, 0, head)]).toThrow('`ledger verify`');
});

test.each([
  [0, 300],
  [255, 256],
  [256, 300],
  [299, 300],
  [300, 300],
  [70, 600],
])('a log that grew from %i to %i entries is compared with the signed root', (from, size) => {
  const { source, head } = logOf(size);
  expect(() => [...tileFiles(source, from, head)]).not.toThrow();
  expect(() => [...tileFiles(source, from, { size, root: Buffer.alloc(32, 1) })]).toThrow(
    'not those that were signed',
  );
});

test('entries that are missing are a failure, not a short tile', () => {
  const { source, head } = logOf(20);
  const cut: TileSource = { ...source, entries: (from, to) => source.entries(from, Math.min(to, 12)) };
  expect(() => [...tileFiles(cut, 0, head)]).toThrow('some are missing');
});

test.each([
  [0, []],
  [1, ['tile/entries/000.p/1', 'tile/0/000.p/1']],
  [256, ['tile/entries/000', 'tile/1/000.p/1']],
  [300, ['tile/entries/001.p/44', 'tile/1/000.p/1']],
  [70_000, ['tile/entries/273.p/112', 'tile/2/000.p/1']],
])('the last files of a log of %i entries are named', (size, paths) => {
  expect(lastPaths(size)).toEqual(paths);
});

test('the last files are among those that were written for that size', () => {
  for (const size of [1, 255, 256, 257, 511, 512, 600]) {
    const written = pathsOf(0, size);
    expect(lastPaths(size).filter((path) => !written.includes(path))).toEqual([]);
  }
});
