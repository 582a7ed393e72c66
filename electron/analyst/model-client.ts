import type { Question } from './answer-question.ts';

/** What a model says and hears, in the shape of the Messages API's turns, so that any client is a small adapter. */
export type ToolCall = { id: string; name: string; input: unknown };
export type ToolResult = {
  call: string;
  /** One whole JSON document. */
  text: string;
  failed: boolean;
  /** Where it comes from, in a few words, such as "pod logs". */
  source?: string;
  /**
   * Paths within it that somebody outside may have written, as `lines.*.text`; `*` stands for each row. Where it is absent
   * nobody vouches for any of it.
   */
  outsider?: readonly string[];
};
export type Message =
  | { role: 'user'; text: string; challenge?: string; question?: Question }
  /** `own` is the turn in its client's own form, which only that client reads: it gets it back unchanged. */
  | { role: 'assistant'; text: string; calls: readonly ToolCall[]; own?: unknown }
  | { role: 'tools'; results: readonly ToolResult[] };

export type ToolSpec = { name: string; purpose: string; inputSchema: unknown };

export type TurnRequest = { system: string; messages: readonly Message[]; tools: readonly ToolSpec[] };

/** All that went in and came out; what was read from a cache or written to one is part of `input`. */
export type Tokens = { input: number; output: number; cacheRead?: number; cacheWritten?: number };

/**
 * Why a turn ended before its model was done: it refused, ran into the limit of its answer or of its context, or paused
 * and wants to be asked on.
 */
export type CutShort = { kind: 'refused' | 'answer-limit' | 'context-full' | 'paused'; because: string };

/** One finished turn; `tokens` is null where the client does not count. */
export type Turn = {
  text: string;
  calls: readonly ToolCall[];
  tokens: Tokens | null;
  cutShort?: CutShort;
  own?: unknown;
};

/**
 * A model. It yields the text of its turn so far, each time there is more of it, and returns the whole turn; it can do
 * nothing but answer. An attempt that failed begins anew: then the text so far is shorter than it was.
 */
export type ModelClient = {
  /** Exact model id, as it stands in the ledger. */
  id: string;
  /** What the model is run with besides the prompt (limits, effort), as it stands in the ledger. */
  parameters: Readonly<Record<string, string | number | boolean>>;
  /** How many characters of messages it takes before older results must give way; unbounded when absent. */
  mostCharacters?: number;
  turn(request: TurnRequest, signal: AbortSignal): AsyncGenerator<string, Turn>;
};

/** A request as it may leave the machine, and the way back for what comes in answer to it. */
export type Prepared = {
  request: TurnRequest;
  /** Puts back what was masked, deep in any JSON value; a string may be the beginning of a longer one. */
  restore<T>(value: T): T;
};

/**
 * What stands between the loop and a model: one for each run. The loop keeps the model's own words in its messages, and
 * gives everybody else (the gateway, the ledger, the screen) the restored ones.
 */
export type Outgoing = { prepare(request: TurnRequest): Promise<Prepared> };

/** For a client that sends nothing anywhere. */
export const nothingLeaves: Outgoing = {
  prepare: async (request) => ({ request, restore: (value) => value }),
};

/** One HTTP request, told just before it leaves; each retry is one. */
export type SentRequest = { model: string; baseUrl: string; body: string };
