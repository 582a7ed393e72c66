import type { VerifierKey } from '../note.ts';
import type { Erased } from '../personal/personal-check.ts';

/** One thing that does not hold. */
export type Problem = {
  how:
    | 'altered'
    | 'missing'
    | 'reordered'
    | 'truncated'
    | 'forked'
    | 'unsigned'
    | 'signature'
    | 'key'
    | 'unreadable';
  /** The first entry that does not hold, where one can be named. */
  seq: number | null;
  /** A sentence for the person. */
  says: string;
};

/** What a verification found. */
export type Verification = {
  ok: boolean;
  origin: string | null;
  /** Entries found. */
  size: number;
  /** Entries that the newest good checkpoint covers. */
  signedSize: number;
  rootHex: string;
  key: VerifierKey | null;
  /** The first one is the first place that does not hold. Only the first few of each sort. */
  problems: Problem[];
  /** What was erased from beside the entries, by the rule that took it. The entries hold without it. */
  erased: Erased[];
};
