/**
 * A log as static files, as C2SP `tlog-tiles` lays them out, so that public tools can audit it from any folder or bucket:
 *
 *     checkpoint                    the newest signed head
 *     tile/<L>/<N>[.p/<W>]          256 hashes of level 8·L, or the W that there are so far
 *     tile/entries/<N>[.p/<W>]      the entries under them, each behind its length as a big-endian uint16
 *
 * `<N>` is written in groups of three digits, all but the last behind an `x`. A file, once written, never changes: what is
 * not full yet carries its width in its name. Pure but for what is read through a `TileSource`.
 */
import { Failure } from '../../platform/failure.ts';
import { MOST_BYTES } from '../entry.ts';
import {
  areSame,
  digestOf,
  frontierAt,
  growingTree,
  type Hash,
  leafHash,
  nodeOver,
  rootOf,
  TILE_HEIGHT,
} from '../tree.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/** `path` is relative to where the log is kept, with `/` between its parts. */
export type TileFile = { path: string; bytes: Uint8Array };

/** One tile or bundle: `width` of its places are taken, 1 to 256. */
export type TilePlace = { index: number; width: number };

/** A log as tiles are cut from it. */
export type TileSource = {
  /** The bytes of the entries from `from` up to but not including `to`; fewer where some are missing. */
  entries(from: number, to: number): readonly Uint8Array[];
  /** A complete node of a level that is a multiple of 8; undefined where it is missing. */
  node(level: number, position: number): Hash | undefined;
};

export const CHECKPOINT = 'checkpoint';

/** `x001/x234/067` for 1234067; with a width below 256 also `.p/<width>`. @throws Error for what is no place. */
export function numberPath({ index, width }: TilePlace): string {
  if (
    !Number.isSafeInteger(index) ||
    index < 0 ||
    !Number.isSafeInteger(width) ||
    width < 1 ||
    width > TILE_WIDTH
  )
    throw new Error(`There is no tile ${index} of width ${width}`);
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/.{3}/g) ?? [];
  const path = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}

/** `level` counts tiles, not nodes: a tile of level 1 holds the roots of full tiles of level 0. */
export const tilePath = (level: number, place: TilePlace): string => `tile/${level}/${numberPath(place)}`;

export const bundlePath = (place: TilePlace): string => `tile/entries/${numberPath(place)}`;

/** How many hashes stand at a level of tiles in a tree of `size` entries. */
export const hashesAt = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** The places of a level that a tree of `size` needs and one of `from` entries did not, leftmost first. */
export function* placesOf(level: number, from: number, size: number): Generator<TilePlace> {
  const [before, now] = [hashesAt(level, from), hashesAt(level, size)];
  if (before === now) return;
  for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < now; index += 1)
    yield { index, width: Math.min(TILE_WIDTH, now - index * TILE_WIDTH) };
}

/**
 * Two files that are there when every tile of a log of `size` entries is, written in the order of `tileFiles`: the last of
 * the entries and the last of the highest level. None for an empty log.
 */
export function lastPaths(size: number): string[] {
  if (size === 0) return [];
  let top = 0;
  while (hashesAt(top + 1, size) > 0) top += 1;
  return [bundlePath(lastPlace(0, size)), tilePath(top, lastPlace(top, size))];
}

function lastPlace(level: number, size: number): TilePlace {
  const count = hashesAt(level, size);
  const index = Math.ceil(count / TILE_WIDTH) - 1;
  return { index, width: count - index * TILE_WIDTH };
}

/** Entries as one bundle. @throws Failure `storage` for one that no bundle can hold. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    entries.flatMap((bytes) => {
      if (bytes.length > MOST_BYTES)
        throw damaged(`An entry of ${bytes.length} bytes is longer than any can be.`);
      return [Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes];
    }),
  );
}

/** The entries of a bundle; undefined when the bytes end within one. */
export function decodeBundle(bytes: Uint8Array): Uint8Array[] | undefined {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [high, low] = bytes.subarray(at, at + 2);
    if (high === undefined || low === undefined) return undefined;
    const end = at + 2 + high * 256 + low;
    if (end > bytes.length) return undefined;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

/**
 * The tiles and bundles that a log of `head.size` entries needs and one of `from` entries did not. They are cut from the
 * entries themselves, and what the entries hash to is compared with the stored tree and in the end with the signed root:
 * nothing damaged is ever handed to somebody else as the log. The checkpoint, which belongs behind them, is the caller's.
 *
 * @throws Failure `storage` while it is iterated, when entries or nodes are missing or are not those that were signed.
 */
export function* tileFiles(
  source: TileSource,
  from: number,
  head: { size: number; root: Hash },
): Generator<TileFile> {
  /** By level, the hashes of the tile that is not full yet: they and nothing else make the root. */
  const rightmost: Hash[][] = [];
  for (let level = 0; hashesAt(level, head.size) > 0; level += 1) {
    for (const place of placesOf(level, from, head.size)) {
      const hashes = level === 0 ? yield* leavesOf(source, place) : nodesOf(source, level, place);
      if (place.width === TILE_WIDTH) demandParent(source, level, place.index, hashes);
      else rightmost[level] = hashes;
      yield { path: tilePath(level, place), bytes: Buffer.concat(hashes) };
    }
    rightmost[level] ??= hashesBehind(source, level, head.size);
  }
  if (!areSame(rootFrom(rightmost, head.size), head.root))
    throw damaged(`The first ${head.size} entries are not those that were signed.`);
}

function* leavesOf(source: TileSource, { index, width }: TilePlace): Generator<TileFile, Hash[]> {
  const first = index * TILE_WIDTH;
  const entries = source.entries(first, first + width);
  if (entries.length !== width)
    throw damaged(`Of the entries ${first} to ${first + width - 1} some are missing.`);
  yield { path: bundlePath({ index, width }), bytes: encodeBundle(entries) };
  return entries.map(leafHash);
}

const nodesOf = (source: TileSource, level: number, { index, width }: TilePlace): Hash[] =>
  Array.from({ length: width }, (_, at) => demandNode(source, level, index * TILE_WIDTH + at));

/** The stored root of a full tile must be that of its hashes: a changed entry shows here. */
function demandParent(source: TileSource, level: number, index: number, hashes: readonly Hash[]): void {
  const tree = growingTree();
  for (const hash of hashes) tree.add(digestOf(hash));
  if (!areSame(tree.root(), demandNode(source, level + 1, index)))
    throw damaged(`Tile ${index} of level ${level} is not what the stored tree says of it.`);
}

/** Of a tile that is not written anew because nothing was added to it. */
function hashesBehind(source: TileSource, level: number, size: number): Hash[] {
  const count = hashesAt(level, size);
  const width = count % TILE_WIDTH;
  const index = Math.floor(count / TILE_WIDTH);
  if (width === 0) return [];
  if (level > 0) return nodesOf(source, level, { index, width });
  return source.entries(index * TILE_WIDTH, index * TILE_WIDTH + width).map(leafHash);
}

function rootFrom(rightmost: readonly (readonly Hash[])[], size: number): Hash {
  const read = nodeOver((level, from, count) => {
    const at = from % TILE_WIDTH;
    return Buffer.concat(rightmost[level / TILE_HEIGHT]?.slice(at, at + count) ?? []);
  });
  return rootOf(frontierAt(size, (level, position) => read(level, position) ?? new Uint8Array(32)));
}

function demandNode(source: TileSource, level: number, position: number): Hash {
  const hash = source.node(level * TILE_HEIGHT, position);
  if (hash?.length === 32) return hash;
  throw damaged(`Node ${position} of level ${level * TILE_HEIGHT} is missing or damaged.`);
}

const damaged = (how: string): Failure =>
  new Failure(
    'storage',
    `${how} Keep a copy of the data file and find what is wrong with \`ledger verify\`.`,
  );
