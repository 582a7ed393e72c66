import { expect, it } from 'vitest';
import { budgetOf, defaultLimits } from '../../../electron/analyst/budget.ts';
import { analyse, type LoopEvent } from '../../../electron/analyst/loop.ts';
import type { ModelClient, ToolCall, Turn } from '../../../electron/analyst/model-client.ts';
import type { ToolGateway } from '../../../electron/analyst/tool-gateway.ts';

const scripted = (turns: (Partial<Turn> | Error)[]): ModelClient => {
  let place = 0;
  return {
    id: 'scripted',
    parameters: {},
    // biome-ignore lint/correctness/useYield: a scripted turn has nothing to stream.
    async *turn(): AsyncGenerator<string, Turn> {
      const turn = turns[Math.min(place++, turns.length - 1)] ?? {};
      if (turn instanceof Error) throw turn;
      return { text: '', calls: [], tokens: null, ...turn };
    },
  };
};
const call = (input: object, name = 'read_metric'): ToolCall => ({ id: JSON.stringify(input), name, input });
const gateway: ToolGateway = {
  specs: [],
  handle: async ({ id, name }) => ({
    result: { call: id, text: '{}', failed: false },
    step: { kind: 'said', text: `ran ${name}` },
  }),
};

async function play(
  client: ModelClient,
  limits = defaultLimits,
  nowMs = () => 0,
  signal = new AbortController().signal,
) {
  const events: LoopEvent[] = [];
  const parts = {
    client,
    gateway,
    system: '',
    opening: { role: 'user' as const, text: 'go' },
    budget: budgetOf(limits, nowMs),
    onTurn: () => {},
  };
  for await (const event of analyse(parts, signal)) events.push(event);
  return events;
}
const endOf = (events: LoopEvent[]) => {
  const last = events.at(-1)?.step;
  return last?.kind === 'ended' ? last.because : last;
};

it('ends when the model has nothing more to do', async () => {
  const events = await play(
    scripted([{ text: 'reading', calls: [call({ service: 'a' })] }, { text: 'done' }]),
  );
  expect(events.map(({ step }) => step.kind)).toEqual(['said', 'said', 'said', 'ended']);
});

it('ends a model that never stops calling, at its budget of turns', async () => {
  let n = 0;
  const endless: ModelClient = {
    id: 'endless',
    parameters: {},
    // biome-ignore lint/correctness/useYield: a scripted turn has nothing to stream.
    async *turn(): AsyncGenerator<string, Turn> {
      return { text: '', calls: [call({ n: n++ })], tokens: null };
    },
  };
  expect(endOf(await play(endless, { ...defaultLimits, turns: 5 }))).toContain('5 turns');
  expect(n).toBe(5);
});

it('ends a model that asks for the same again and again', async () => {
  expect(endOf(await play(scripted([{ calls: [call({ service: 'a' })] }])))).toContain('same read_metric');
});

it('ends at its wall time', async () => {
  let now = 0;
  const slow = () => (now += 60_000);
  expect(
    endOf(
      await play(scripted([{ calls: [call({ a: 1 })] }, { calls: [call({ a: 2 })] }]), defaultLimits, slow),
    ),
  ).toContain('180 s');
});

it('stops at once when it is told to', async () => {
  const abort = new AbortController();
  abort.abort();
  await expect(play(scripted([{ text: 'x' }]), defaultLimits, () => 0, abort.signal)).rejects.toThrow();
});

it('lets the error of a model be seen by its caller', async () => {
  await expect(play(scripted([new Error('overloaded')]))).rejects.toThrow('overloaded');
});
