/** A closed stretch of time, in milliseconds since the epoch. */
export type Window = { fromMs: number; toMs: number };

export type Sample = { labels: Record<string, string>; value: number };
export type SampledSeries = { labels: Record<string, string>; points: { atMs: number; value: number }[] };
