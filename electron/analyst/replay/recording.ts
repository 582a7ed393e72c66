import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { IncidentId } from '../../../shared/vocabulary/ids.ts';
import type { Question } from '../answer-question.ts';
import type { Message, ToolCall, ToolResult, ToolSpec, Turn } from '../model-client.ts';

/** How a run began. Long texts that many runs share are kept once, by their digest. */
export const RecordedRun = z.strictObject({
  id: z.string(),
  incident: z.string(),
  startedMs: z.number(),
  model: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  system: z.string(),
  tools: z.string(),
  opening: z.strictObject({
    role: z.literal('user'),
    text: z.string(),
    challenge: z.string().optional(),
    question: z.strictObject({ text: z.string(), atMs: z.number(), utcOffsetMinutes: z.number() }).optional(),
  }),
  /** The run whose conversation it took up: then its own opening was not said. */
  continues: z.string().optional(),
});
export type RecordedRun = z.infer<typeof RecordedRun>;

const Call = z.strictObject({ id: z.string(), name: z.string(), input: z.json() });

/** What happened in a run, in order: turns, and the answer to each of their calls. */
export const RecordedStep = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('turn'),
    text: z.string(),
    calls: z.array(Call),
    tokens: z.strictObject({ input: z.number(), output: z.number() }).nullable(),
  }),
  /** `digest` is that of the text the model was given; `verdict` the guard's, where the call proposed something. */
  z.strictObject({
    kind: z.literal('answer'),
    call: Call,
    failed: z.boolean(),
    digest: z.string(),
    verdict: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('ended'), because: z.string() }),
]);
export type RecordedStep = z.infer<typeof RecordedStep>;

/** Where runs are kept. */
export type RunStore = {
  begin(run: RecordedRun): void;
  add(run: string, incident: string, step: RecordedStep): void;
  /** Keeps a text under its digest, once. */
  keepText(digest: string, text: string): void;
};

export type BegunRun = {
  id: string;
  incident: IncidentId;
  startedMs: number;
  model: string;
  parameters: RecordedRun['parameters'];
  system: string;
  tools: readonly ToolSpec[];
  opening: Extract<Message, { role: 'user' }>;
  continues?: string | undefined;
};
export type RunRecorder = ReturnType<typeof recorder>;

/** Writes down a run as it goes, so that it can be played again without the outside world. */
export function recorder(store: RunStore, begun: BegunRun) {
  const kept = (text: string): string => {
    const digest = sha256(text);
    store.keepText(digest, text);
    return digest;
  };
  const { id, incident, system, tools, opening, continues, ...rest } = begun;
  const { text, challenge, question } = opening;
  store.begin({
    ...rest,
    id,
    incident,
    system: kept(system),
    tools: kept(JSON.stringify(tools)),
    opening: {
      role: 'user',
      text,
      ...(challenge === undefined ? {} : { challenge }),
      ...(question === undefined ? {} : { question: withoutPerson(question) }),
    },
    ...(continues === undefined ? {} : { continues }),
  });
  const add = (step: RecordedStep) => store.add(id, incident, step);
  return {
    turn: ({ text, calls, tokens }: Pick<Turn, 'text' | 'calls' | 'tokens'>): void =>
      add({
        kind: 'turn',
        text,
        calls: calls.map(callOf),
        tokens: tokens && { input: tokens.input, output: tokens.output },
      }),
    answer: (call: ToolCall, { text, failed }: ToolResult, verdict?: string): void =>
      add({
        kind: 'answer',
        call: callOf(call),
        failed,
        digest: kept(text),
        ...(verdict === undefined ? {} : { verdict }),
      }),
    ended: (because: string): void => add({ kind: 'ended', because }),
  };
}

/** Who asked stands in the ledger, where it can be erased. */
const withoutPerson = ({ text, atMs, utcOffsetMinutes }: Question): Question => ({
  text,
  atMs,
  utcOffsetMinutes,
});

/** What a model wrote is JSON by the way it came; what is not cannot be kept and stands as nothing. */
const callOf = ({ id, name, input }: ToolCall) => ({
  id,
  name,
  input: z.json().safeParse(input).data ?? null,
});

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
