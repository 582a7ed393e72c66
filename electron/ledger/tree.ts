/**
 * The Merkle tree of RFC 6962 section 2.1, with the proofs as RFC 9162 section 2.1 checks them. Pure: hashes are read
 * through a function, so the tree can live in a database, in files or in memory.
 *
 * A node is named by its level and position: it is the root over the leaves [position * 2^level, (position + 1) * 2^level).
 * Only complete nodes are ever stored; they never change again, and every root and proof is folded from them.
 * Sizes and indexes are plain numbers below 2^53, so halving is done by division and not by shifting, which stops at 2^31.
 */
import { hash as digest } from 'node:crypto';

export type Hash = Uint8Array;
export type TreeNode = { level: number; position: number; hash: Hash };
/** Reads a complete node. Level 0 is a leaf hash. */
export type ReadNode = (level: number, position: number) => Hash;

/** The complete subtrees a tree of `size` leaves falls into, largest first: all that is needed to append or take the root. */
export type Frontier = { readonly size: number; readonly hashes: readonly Hash[] };

export const emptyFrontier: Frontier = { size: 0, hashes: [] };

/** The prefixes keep a leaf from ever being mistaken for an inner node. */
export const leafHash = (bytes: Uint8Array): Hash => hashOf(leafDigest(bytes));
export const nodeHash = (left: Hash, right: Hash): Hash =>
  hashOf(nodeDigest(digestOf(left), digestOf(right)));

/**
 * A hash as text, a character for each of its 32 bytes: `node:crypto` hands one out in a quarter of the time that a
 * buffer of its own takes, and hashing a log is little else.
 */
export type Digest = string;
export const digestOf = (hash: Hash): Digest => asBuffer(hash).toString('latin1');
export const hashOf = (digest: Digest): Hash => Buffer.from(digest, 'latin1');

export function leafDigest(bytes: Uint8Array): Digest {
  if (bytes.length >= leafInput.length) return sha256(Buffer.concat([Uint8Array.of(LEAF), bytes]));
  leafInput.set(bytes, 1);
  return sha256(leafInput.subarray(0, bytes.length + 1));
}

/** The same of bytes that stand behind a zero already. */
export const prefixedDigest = (prefixed: Uint8Array): Digest => sha256(prefixed);

function nodeDigest(left: Digest, right: Digest): Digest {
  nodeInput.write(left, 1, 'latin1');
  nodeInput.write(right, 33, 'latin1');
  return sha256(nodeInput);
}

const LEAF = 0;
const INNER = 1;
/** What is hashed next, behind its prefix: one buffer for all, for hashing is never left half way. */
const leafInput = Buffer.alloc(1 + 65_535, LEAF);
const nodeInput = Buffer.alloc(65, INNER);
/** In one call: a hash object for each of so many short inputs takes almost twice as long. */
const sha256 = (bytes: Uint8Array): Digest => digest('sha256', bytes, 'binary');
const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const areSame = (a: Hash, b: Hash): boolean => Buffer.compare(a, b) === 0;

/**
 * As in C2SP tlog-tiles, only the nodes of every eighth level are worth keeping: any other is folded from at most 128 of
 * those under it. Level 0, the leaves, is kept beside the entries.
 */
export const TILE_HEIGHT = 8;

export type GrowingTree = ReturnType<typeof growingTree>;

/** A tree that grows in place, for whoever adds many leaves. Begins as the tree with the frontier `from`. */
export function growingTree(from: Frontier = emptyFrontier) {
  let { size } = from;
  const digests = from.hashes.map(digestOf);

  /** Answers with the nodes to keep that became complete, above the leaf itself: rarely any. */
  function add(leaf: Digest): readonly TreeNode[] {
    let kept: TreeNode[] | undefined;
    let digest = leaf;
    let position = size;
    for (let level = 1; isOdd(position); level += 1) {
      digest = nodeDigest(popped(digests), digest);
      position = half(position);
      if (level % TILE_HEIGHT !== 0) continue;
      kept ??= [];
      kept.push({ level, position, hash: hashOf(digest) });
    }
    digests.push(digest);
    size += 1;
    return kept ?? NO_NODES;
  }

  return {
    add,
    size: (): number => size,
    root: (): Hash => rootOf({ size, hashes: digests.map(hashOf) }),
  };
}

/** How many nodes are kept of a tree of `size` leaves, the leaves not counted. */
export function keptUpTo(size: number): number {
  let count = 0;
  for (let width = 2 ** TILE_HEIGHT; width <= size; width *= 2 ** TILE_HEIGHT)
    count += Math.floor(size / width);
  return count;
}

const NO_NODES: readonly TreeNode[] = [];

/** Reads `count` kept nodes of a level from the place `from` on, one hash behind the other; fewer where some are missing. */
export type ReadKept = (level: number, from: number, count: number) => Uint8Array;

/** Reads any complete node where only those of every eighth level are kept; undefined where one under it is missing. */
export const nodeOver =
  (readKept: ReadKept) =>
  (level: number, position: number): Hash | undefined => {
    const above = level % TILE_HEIGHT;
    const count = 2 ** above;
    const under = readKept(level - above, position * count, count);
    if (under.length !== count * 32) return undefined;
    if (above === 0) return under;
    const digests = digestOf(under);
    const tree = growingTree();
    for (let from = 0; from < digests.length; from += 32) tree.add(digests.slice(from, from + 32));
    return tree.root();
  };

/** Adds a leaf: the next frontier, and the nodes that became complete (the leaf first), which are the ones to store. */
export function append(frontier: Frontier, leaf: Hash): { frontier: Frontier; completed: TreeNode[] } {
  const hashes = [...frontier.hashes];
  const completed: TreeNode[] = [{ level: 0, position: frontier.size, hash: leaf }];
  let hash = leaf;
  let position = frontier.size;
  for (let level = 1; isOdd(position); level += 1) {
    hash = nodeHash(popped(hashes), hash);
    position = half(position);
    completed.push({ level, position, hash });
  }
  hashes.push(hash);
  return { frontier: { size: frontier.size + 1, hashes }, completed };
}

/** The frontier of a stored tree of `size` leaves. Reads one hash for each 1 in the binary form of `size`. */
export function frontierAt(size: number, read: ReadNode): Frontier {
  return { size, hashes: completeNodesOf(0, size).map(({ level, position }) => read(level, position)) };
}

export function rootOf(frontier: Frontier): Hash {
  const [last, ...larger] = [...frontier.hashes].reverse();
  if (!last) return hashOf(sha256(new Uint8Array()));
  return larger.reduce((right, left) => nodeHash(left, right), last);
}

/** RFC 6962 section 2.1.1: the hashes that lead from leaf `index` to the root of the tree of `size` leaves, lowest first. */
export function inclusionProof(index: number, size: number, read: ReadNode): Hash[] {
  demand(isSize(index) && isSize(size) && index < size, `no leaf ${index} in a tree of ${size}`);
  const proof: Hash[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + largestPowerBelow(to - from);
    if (index < middle) {
      proof.push(rangeRoot(middle, to, read));
      to = middle;
    } else {
      proof.push(rangeRoot(from, middle, read));
      from = middle;
    }
  }
  return proof.reverse();
}

/** RFC 6962 section 2.1.2: the hashes that show that the tree of `newSize` leaves begins with the tree of `oldSize`. */
export function consistencyProof(oldSize: number, newSize: number, read: ReadNode): Hash[] {
  demand(
    isSize(oldSize) && isSize(newSize) && oldSize <= newSize,
    `a tree of ${newSize} does not extend ${oldSize}`,
  );
  if (oldSize === 0 || oldSize === newSize) return [];
  const proof: Hash[] = [];
  let from = 0;
  let to = newSize;
  while (to !== oldSize) {
    const middle = from + largestPowerBelow(to - from);
    if (oldSize <= middle) {
      proof.push(rangeRoot(middle, to, read));
      to = middle;
    } else {
      proof.push(rangeRoot(from, middle, read));
      from = middle;
    }
  }
  // When the old tree is itself a complete node, its root is known to the verifier and is left out.
  if (from > 0) proof.push(rangeRoot(from, to, read));
  return proof.reverse();
}

/** RFC 9162 section 2.1.3.2. */
export function isIncluded(
  leaf: Hash,
  index: number,
  size: number,
  proof: readonly Hash[],
  root: Hash,
): boolean {
  if (!isSize(index) || !isSize(size) || index >= size) return false;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && areSame(hash, root);
}

type Head = { size: number; root: Hash };

/** RFC 9162 section 2.1.4.2. Every tree extends the empty one, and itself, with an empty proof. */
export function isConsistent(older: Head, newer: Head, proof: readonly Hash[]): boolean {
  if (!isSize(older.size) || !isSize(newer.size) || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && areSame(older.root, newer.root);
  if (older.size === 0) return proof.length === 0 && areSame(older.root, rootOf(emptyFrontier));
  const [start, ...path] = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof;
  if (!start) return false;
  let node = older.size - 1;
  let last = newer.size - 1;
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  let olderHash = start;
  let newerHash = start;
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      olderHash = nodeHash(sibling, olderHash);
      newerHash = nodeHash(sibling, newerHash);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      newerHash = nodeHash(newerHash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && areSame(olderHash, older.root) && areSame(newerHash, newer.root);
}

/** The root over the leaves [from, to), where `from` is where a subtree of that many leaves may begin. */
function rangeRoot(from: number, to: number, read: ReadNode): Hash {
  const hashes = completeNodesOf(from, to).map(({ level, position }) => read(level, position));
  return rootOf({ size: to - from, hashes });
}

function completeNodesOf(from: number, to: number): { level: number; position: number }[] {
  const nodes: { level: number; position: number }[] = [];
  for (let start = from; start < to; ) {
    let level = 0;
    let width = 1;
    while (start % (width * 2) === 0 && start + width * 2 <= to) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, position: start / width });
    start += width;
  }
  return nodes;
}

function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);
const isPowerOfTwo = (value: number): boolean =>
  value > 0 && (value === 1 || largestPowerBelow(value) * 2 === value);

function popped<T>(hashes: T[]): T {
  const hash = hashes.pop();
  demand(hash !== undefined, 'the frontier does not fit its size');
  return hash;
}

function demand(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(`Merkle tree: ${otherwise}`);
}
