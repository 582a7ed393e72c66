/**
 * Checks what stands apart from the entries: each commitment must be to what is kept for it, and what is gone must have
 * been erased by an entry that names it. The entries of a log are given in order.
 */
import type { LedgerEntry } from '../entry.ts';
import { areSame } from '../tree.ts';
import { commitment, commitmentsIn, ErasureBody } from './personal.ts';

/** What is kept for a member of an entry. `erasedBy` is the place of the entry that records its erasure. */
export type PersonalRow = { salt: Uint8Array; value: Uint8Array } | { erasedBy: number };

/** Where the values lie. Nothing it yields is trusted. */
export type PersonalReader = {
  at(seq: number, member: string): PersonalRow | undefined;
  count(): number;
  /** Whether values may have been left out: a bundle can be handed over without them. */
  mayBeWithheld: boolean;
};

/** How many values were erased under a rule. */
export type Erased = { rule: string; values: number };

export function personalCheck(reader: PersonalReader | undefined) {
  const erased = new Map<string, number>();
  let rows = 0;
  let gone = 0;
  let recorded = 0;
  let withheld = 0;

  /** What is wrong with what an entry set apart or erased, in words. */
  function add(entry: LedgerEntry): string | undefined {
    const wrong = commitmentsIn(entry.kind, entry.body)
      .map(({ member, hash }) => checkMember(entry.seq, member, hash))
      .find((problem) => problem !== undefined);
    return wrong ?? (entry.kind === 'erasure' ? checkErasure(entry) : undefined);
  }

  function checkMember(seq: number, member: string, hash: Uint8Array | undefined): string | undefined {
    const row = reader?.at(seq, member);
    if (!row) {
      withheld += 1;
      return reader?.mayBeWithheld === false
        ? `lost its "${member}", which was set apart, and no rule erased it`
        : undefined;
    }
    rows += 1;
    if ('erasedBy' in row) {
      gone += 1;
      return row.erasedBy > seq ? undefined : `lost its "${member}" to an entry that came before it`;
    }
    return row.salt.length === 32 && hash && areSame(hash, commitment(row.salt, row.value))
      ? undefined
      : `does not say what is kept as its "${member}"`;
  }

  function checkErasure({ seq, body }: LedgerEntry): string | undefined {
    const parsed = ErasureBody.safeParse(body);
    if (!parsed.success) return 'records an erasure that cannot be read';
    const { rule, entries } = parsed.data;
    let before = '';
    for (const [place, member] of entries) {
      const name = `${String(place).padStart(16, '0')} ${member}`;
      if (name <= before) return 'names what it erased out of order';
      before = name;
      const row = reader?.at(place, member);
      if (row === undefined && reader?.mayBeWithheld !== false) continue;
      if (!row || !('erasedBy' in row) || row.erasedBy !== seq) {
        return `says that it erased the "${member}" of entry ${place}, which is not so`;
      }
      recorded += 1;
      erased.set(rule, (erased.get(rule) ?? 0) + 1);
    }
    return undefined;
  }

  /** What only the whole log shows, in words. */
  function finish(): string | undefined {
    if (reader && rows !== reader.count())
      return 'Something is kept as set apart from entries that set nothing apart.';
    return gone === recorded ? undefined : 'Something that was set apart is gone, and no entry erased it.';
  }

  return {
    add,
    finish,
    erased: (): Erased[] => Array.from(erased, ([rule, values]) => ({ rule, values })),
    withheld: () => withheld,
  };
}
