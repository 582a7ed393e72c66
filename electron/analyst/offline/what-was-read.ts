import { z } from 'zod';
import type { Message, ToolCall } from '../model-client.ts';
import { listCandidates } from '../tools/list-candidates.ts';
import { readChange } from '../tools/read-change.ts';
import { readMetric } from '../tools/read-metric.ts';
import { readRollout } from '../tools/read-rollout.ts';
import type { ReadTool } from '../tools/read-tool.ts';
import { readTopology } from '../tools/read-topology.ts';
import { searchTimeline } from '../tools/search-timeline.ts';

const offered = z.object({ verdict: z.literal('offer') });
const refusal = z.object({ failed: z.string() });
const readId = z.object({ read: z.string() });

/** What the tools have answered so far, parsed with their own schemas. */
export type WhatWasRead = ReturnType<typeof whatWasRead>;
/** The id by which evidence cites an answer, and its bytes, of which it quotes. */
export type Cited = { read: string; text: string };
export type Candidates = z.output<typeof listCandidates.output> & Cited;
export type Candidate = Candidates['changes'][number];
export type Metrics = z.output<typeof readMetric.output> & Cited;
export type Rollout = z.output<typeof readRollout.output> & Cited;
export type ChangeFacts = z.output<typeof readChange.output> & Cited;

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
      const value = jsonIn(text);
      const result = tool.output.safeParse(value);
      const read = readId.safeParse(value);
      if (!result.success || !read.success) return [];
      return [
        {
          input: tool.input.parse(call.input),
          result: { ...(result.data as object), ...read.data, text } as z.output<O> & Cited,
        },
      ];
    });
  }

  const metrics = new Map(of(readMetric).map(({ input, result }) => [input.service, result]));
  const rollouts = new Map(of(readRollout).map(({ input, result }) => [input.service, result]));
  const changes = new Map(of(readChange).map(({ input, result }) => [input.change, result]));
  const neighbours = new Map(of(readTopology).map(({ input, result }) => [input.service, result]));
  return {
    candidates: of(listCandidates).at(-1)?.result ?? null,
    signals: of(searchTimeline).at(-1)?.result ?? null,
    metrics,
    rollouts,
    changes,
    neighbours,
    /** Services that were asked about and that no call graph has. */
    unplaced: new Set(
      answers.flatMap(({ call: id, failed }) => {
        const call = calls.get(id);
        const input = readTopology.input.safeParse(call?.name === readTopology.name ? call.input : null);
        return failed && input.success ? [input.data.service] : [];
      }),
    ),
    /** Whether a tool of this name was called at all, whatever it answered. */
    called: (name: string) => [...calls.values()].some((call) => call.name === name),
    times: (name: string): number => [...calls.values()].filter((call) => call.name === name).length,
    /** The words of a tool whose every call failed; null when one succeeded or none was made. */
    refused: (name: string): string | null => {
      const mine = answers.filter(({ call }) => calls.get(call)?.name === name);
      return mine.length > 0 && mine.every(({ failed }) => failed)
        ? (refusal.safeParse(jsonIn(mine.at(-1)?.text ?? '')).data?.failed ?? 'it was refused')
        : null;
    },
    /** Whether a proposal was made and the guard offers it. */
    proposed: (): boolean =>
      answers.some(
        ({ call, text, failed }) =>
          !failed &&
          calls.get(call)?.name.startsWith('propose_') === true &&
          offered.safeParse(jsonIn(text)).success,
      ),
    failures: answers.filter(({ failed }) => failed).length,
    answered: (name: string): unknown[] =>
      answers.filter(({ call }) => calls.get(call)?.name === name).map(({ text }) => jsonIn(text)),
  };
}

/** An answer that was cut because it is too long is no JSON any more; then it was not read. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
