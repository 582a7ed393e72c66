import type { LedgerEntry } from '../entry.ts';
import type { VerifierKey } from '../note.ts';
import { keyChain } from './key-chain.ts';

/** Follows the keys of one log like `keyChain`, and remembers which one signed heads of which size. */
export function keyHistory() {
  const chain = keyChain();
  const since: { seq: number; key: VerifierKey }[] = [];

  /** What is wrong with the entry, in words, as `keyChain` says it. Entries come in order. */
  function add(entry: LedgerEntry): string | undefined {
    const before = chain.current();
    const wrong = chain.add(entry);
    const key = chain.current();
    if (key && key !== before) since.push({ seq: entry.seq, key });
    return wrong;
  }

  return {
    add,
    origin: chain.origin,
    all: (): readonly VerifierKey[] => since.map(({ key }) => key),
    /** The key that signs a head of `size` entries: the last one announced among them. */
    at: (size: number): VerifierKey | undefined => since.findLast(({ seq }) => seq < size)?.key,
  };
}
