/** So many columns share a piece of memory. */
const TOGETHER = 64;

/**
 * Hands out columns of zeros, all of one length. They are cut from larger pieces of memory: a ranking takes them by the ten
 * thousand, and to give each a buffer of its own costs more than what is worked out in it.
 */
export function columnsOfLength(length: number): () => Float64Array {
  let piece = new Float64Array(0);
  let used = 0;
  return () => {
    if (used + length > piece.length) {
      piece = new Float64Array(length * TOGETHER);
      used = 0;
    }
    used += length;
    return piece.subarray(used - length, used);
  };
}
