/** One named number of a score, with the sentence that explains it. */
export type Factor = { name: string; value: number; sentence: string };

/** A change or a service with its score in 0..1, the factors it is the product of, and the reasons in words. */
export type Candidate = { id: string; score: number; factors: Factor[]; reasons: string[] };
