/**
 * The hash by which every Unleash SDK decides who gets a gradual rollout: MurmurHash3 (x86, 32 bit,
 * https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp) of `groupId:id`, as a number from 1 to 100.
 */
export const normalizedHash = (groupId: string, id: string): number =>
  (murmur3(Buffer.from(`${groupId}:${id}`, 'utf8')) % 100) + 1;

function murmur3(bytes: Buffer): number {
  const whole = bytes.length - (bytes.length % 4);
  let hash = 0;
  for (let at = 0; at < whole; at += 4) {
    hash ^= scrambled(bytes.readInt32LE(at));
    hash = Math.imul(rotated(hash, 13), 5) + 0xe6546b64;
  }
  if (whole < bytes.length) hash ^= scrambled(bytes.readUIntLE(whole, bytes.length - whole));
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const scrambled = (block: number) => Math.imul(rotated(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
const rotated = (value: number, by: number) => (value << by) | (value >>> (32 - by));
