/**
 * One named number of a score, 0..1, with the sentence that explains it. For a change 0.5 is neutral: more speaks for it,
 * less against. For a service it is a share.
 */
export type Factor = { name: string; value: number; sentence: string };

/** A change or a service that could be the cause: its score in 0..1, the numbers behind it, and the telling ones in words. */
export type Candidate = { id: string; score: number; factors: Factor[]; reasons: string[] };
