import { z } from 'zod';
import type { Message, ToolCall } from '../model-client.ts';
import { listCandidates } from '../tools/list-candidates.ts';
import { readMetric } from '../tools/read-metric.ts';
import { readRollout } from '../tools/read-rollout.ts';
import type { ReadTool } from '../tools/read-tool.ts';
import { searchTimeline } from '../tools/search-timeline.ts';

const readId = z.object({ read: z.string() });

/** What the tools have answered so far, parsed with their own schemas; `read` is the id that evidence cites. */
export type WhatWasRead = ReturnType<typeof whatWasRead>;
export type Candidates = z.output<typeof listCandidates.output> & { read: string };
export type Metrics = z.output<typeof readMetric.output> & { read: string };
export type Rollout = z.output<typeof readRollout.output> & { read: string };

export function whatWasRead(messages: readonly Message[]) {
  const calls = new Map<string, ToolCall>();
  for (const message of messages) {
    if (message.role === 'assistant') for (const call of message.calls) calls.set(call.id, call);
  }
  const answers = messages.flatMap((message) => (message.role === 'tools' ? message.results : []));

  function of<I extends z.ZodType, O extends z.ZodType>(tool: ReadTool<I, O>) {
    return answers.flatMap(({ call: id, text, failed }) => {
      const call = calls.get(id);
      if (failed || call?.name !== tool.name) return [];
      const value: unknown = JSON.parse(text);
      const result = tool.output.safeParse(value);
      const read = readId.safeParse(value);
      if (!result.success || !read.success) return [];
      return [
        {
          input: tool.input.parse(call.input),
          result: { ...(result.data as object), ...read.data } as z.output<O> & { read: string },
        },
      ];
    });
  }

  const metrics = new Map(of(readMetric).map(({ input, result }) => [input.service, result]));
  const rollouts = new Map(of(readRollout).map(({ input, result }) => [input.service, result]));
  return {
    candidates: of(listCandidates).at(-1)?.result ?? null,
    signals: of(searchTimeline).at(-1)?.result ?? null,
    metrics,
    rollouts,
    /** Whether a tool of this name was called at all, whatever it answered. */
    called: (name: string) => [...calls.values()].some((call) => call.name === name),
    failures: answers.filter(({ failed }) => failed).length,
    answered: (name: string): unknown[] =>
      answers.filter(({ call }) => calls.get(call)?.name === name).map(({ text }) => JSON.parse(text)),
  };
}
