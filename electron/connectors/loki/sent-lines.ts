import { bounded } from '../bounded.ts';
import type { Stream } from './api.ts';
import { type ErrorCounts, REFERENCE_MS, type Spike } from './error-spikes.ts';

const MOST_CHARACTERS_A_LINE = 1_000;

/**
 * What Loki told of a pile of errors, to be kept: how many lines it counted in the steps before and in it, and the lines that
 * were read of its minute, as Loki has them (`stream`, and `values` of nanoseconds and text), each bounded.
 */
export function sentLines(counts: ErrorCounts, { atMs }: Spike, streams: readonly Stream[]): string {
  const counted = [...counts]
    .filter(([stepMs]) => stepMs > atMs - REFERENCE_MS && stepMs <= atMs)
    .sort(([one], [other]) => one - other)
    .map(([stepMs, count]) => [new Date(stepMs).toISOString(), count]);
  return JSON.stringify({
    counts: counted,
    streams: streams.map(({ labels, lines }) => ({
      stream: labels,
      values: lines.map(({ ns, text }) => [ns, bounded(text, MOST_CHARACTERS_A_LINE)]),
    })),
  });
}
