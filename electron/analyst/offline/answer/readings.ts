import { z } from 'zod';
import type { Message } from '../../model-client.ts';
import type { listCandidates } from '../../tools/list-candidates.ts';
import type { pastIncidents } from '../../tools/past-incidents.ts';
import type { readMetric } from '../../tools/read-metric.ts';
import type { ReadTool } from '../../tools/read-tool.ts';
import type { searchTimeline } from '../../tools/search-timeline.ts';

/** The id that the gateway gives each read, which evidence cites. */
const readId = z.object({ read: z.string() });

export type Reading<O> = O & { read: string };
export type Events = Reading<z.output<typeof searchTimeline.output>>;
export type ReadEvent = Events['events'][number];
export type Ranking = Reading<z.output<typeof listCandidates.output>>;
export type Series = Reading<z.output<typeof readMetric.output>>;
export type Past = Reading<z.output<typeof pastIncidents.output>>;

/** How many turns were answered by tools. */
export const turnsOf = (messages: readonly Message[]): number =>
  messages.filter(({ role }) => role === 'tools').length;

/** What a tool answered in the n-th turn, in the order it was asked; what failed or is not what it promised is left out. */
export function readingsOf<I extends z.ZodType, O extends z.ZodType>(
  messages: readonly Message[],
  turn: number,
  tool: ReadTool<I, O>,
): Reading<z.output<O>>[] {
  const calls = messages.filter((message) => message.role === 'assistant')[turn]?.calls ?? [];
  const results = messages.filter((message) => message.role === 'tools')[turn]?.results ?? [];
  return calls
    .filter(({ name }) => name === tool.name)
    .flatMap(({ id }) => {
      const answered = results.find(({ call, failed }) => call === id && !failed);
      const value = answered && jsonIn(answered.text);
      const result = tool.output.safeParse(value);
      const read = readId.safeParse(value);
      if (!result.success || !read.success) return [];
      return [{ ...(result.data as object), read: read.data.read } as Reading<z.output<O>>];
    });
}

/** How many calls of a turn failed. */
export function failuresOf(messages: readonly Message[], turn: number): number {
  const results = messages.filter((message) => message.role === 'tools')[turn]?.results ?? [];
  return results.filter(({ failed }) => failed).length;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
