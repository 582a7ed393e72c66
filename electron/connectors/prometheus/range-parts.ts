import type { SampledSeries, Window } from '../source.ts';

/** What Prometheus answers at most for one series; more is refused (web/api/v1, "exceeded maximum resolution"). */
export const MOST_POINTS = 11_000;

/** A window in parts of at most `most` points each, none of them asked for twice. */
export function rangeParts(
  { fromMs, toMs, stepMs }: Window & { stepMs: number },
  most = MOST_POINTS,
): Window[] {
  const parts: Window[] = [];
  for (let startMs = fromMs; startMs <= toMs; startMs += most * stepMs)
    parts.push({ fromMs: startMs, toMs: Math.min(toMs, startMs + (most - 1) * stepMs) });
  return parts;
}

/** The answers to parts in order of time, as the one answer that was asked for. */
export function joinParts(answers: readonly (readonly SampledSeries[])[]): SampledSeries[] {
  const joined = new Map<string, SampledSeries>();
  for (const { labels, points } of answers.flat()) {
    const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = joined.get(key);
    if (known) for (const point of points) known.points.push(point);
    else joined.set(key, { labels, points: [...points] });
  }
  return [...joined.values()];
}
