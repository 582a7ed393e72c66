import type { Watch } from '../../shared/vocabulary/proposal.ts';
import type { Stretch } from '../ui/plot-options.ts';

/** Samples come every few seconds; in less than this one sees no more than a dot. */
const LEAST_MS = 60_000;

/** The time that the chart of an effect shows. Told, because an axis cannot be made of the one sample that there is at first. */
export function watchRange(fromMs: number, samples: Watch['samples']): Stretch {
  return { fromMs, toMs: Math.max(fromMs + LEAST_MS, ...samples.slice(-1).map(({ atMs }) => atMs)) };
}
