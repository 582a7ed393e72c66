/** One named number of a score, with the sentence that explains it. */
export type Factor = { name: string; value: number; sentence: string };

/** A change or a service that could be the cause: its score in 0..1, the numbers behind it, and the telling ones in words. */
export type Candidate = { id: string; score: number; factors: Factor[]; reasons: string[] };
