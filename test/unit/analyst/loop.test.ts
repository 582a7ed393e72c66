import { expect, it } from 'vitest';
import { budgetOf, defaultLimits } from '../../../electron/analyst/budget.ts';
import { analyse, type LoopEvent } from '../../../electron/analyst/loop.ts';
import {
  type Message,
  type ModelClient,
  nothingLeaves,
  type Outgoing,
  type ToolCall,
  type Turn,
} from '../../../electron/analyst/model-client.ts';
import type { ToolGateway } from '../../../electron/analyst/tool-gateway.ts';
import type { ModelPrice } from '../../../shared/vocabulary/model.ts';

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

type Steps = Extract<LoopEvent, { kind: 'step' }>[];

async function play(
  client: ModelClient,
  limits = defaultLimits,
  nowMs = () => 0,
  signal = new AbortController().signal,
  rest: { messages?: Message[]; outgoing?: Outgoing; price?: ModelPrice } = {},
) {
  const events: Steps = [];
  const parts = {
    client,
    gateway,
    system: '',
    outgoing: rest.outgoing ?? nothingLeaves,
    messages: rest.messages ?? [{ role: 'user' as const, text: 'go' }],
    budget: budgetOf(limits, nowMs, { tokens: true, price: rest.price ?? null }),
    onTurn: () => {},
  };
  for await (const event of analyse(parts, signal)) if (event.kind === 'step') events.push(event);
  return events;
}
const endOf = (events: Steps) => {
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

const costly = (tokens: Turn['tokens']): ModelClient => {
  let n = 0;
  return {
    id: 'costly',
    parameters: {},
    // biome-ignore lint/correctness/useYield: a scripted turn has nothing to stream.
    async *turn(): AsyncGenerator<string, Turn> {
      return { text: '', calls: [call({ n: n++ })], tokens };
    },
  };
};

it('ends at its budget of tokens, counting those from a cache', async () => {
  const events = await play(costly({ input: 900, output: 100, cacheRead: 800 }), {
    ...defaultLimits,
    tokens: 3_000,
  });
  expect(endOf(events)).toContain('3000 tokens');
  expect(events.at(-1)?.budget.tokens).toEqual({ used: 3_000, limit: 3_000 });
});

it('ends at its budget of money, at the prices it was given', async () => {
  const price: ModelPrice = {
    model: 'costly',
    perMillion: { input: 10, output: 50, cacheRead: 1, cacheWritten: 12.5 },
    source: 'a table of this test',
    date: '2026-03-01',
  };
  const spent = { input: 1_000_000, output: 20_000, cacheRead: 500_000, cacheWritten: 100_000 };
  const events = await play(costly(spent), { ...defaultLimits, tokens: 1e9, usd: 13 }, () => 0, undefined, {
    price,
  });
  // 0.4 M plain for 4, 0.02 M out for 1, 0.5 M read for 0.5, 0.1 M written for 1.25: 6.75 a turn.
  expect(events.at(-1)?.budget.usd).toEqual({ used: 13.5, limit: 13 });
  expect(endOf(events)).toContain('13 USD');
});

it('says that money is unknown where there is no price', async () => {
  const events = await play(costly({ input: 10, output: 10 }), { ...defaultLimits, turns: 1 });
  expect(events.at(-1)?.budget.usd).toBeNull();
});

it('answers the calls of a turn that are over the budget of reads, and makes none of them', async () => {
  const messages: Message[] = [{ role: 'user', text: 'go' }];
  const calls = [1, 2, 3, 4].map((n) => call({ n }));
  const events = await play(scripted([{ calls }]), { ...defaultLimits, reads: 2 }, () => 0, undefined, {
    messages,
  });
  expect(endOf(events)).toContain('2 reads');
  const answered = messages.find(({ role }) => role === 'tools');
  expect(answered).toMatchObject({
    results: [{ failed: false }, { failed: false }, { failed: true }, { failed: true }],
  });
});

it('lets a model go on that was cut off, and drops the calls it did not finish', async () => {
  const cut = { kind: 'answer-limit' as const, because: 'cut off again and again' };
  const messages: Message[] = [{ role: 'user', text: 'go' }];
  const events = await play(
    scripted([{ text: 'half', calls: [call({ a: 1 })], cutShort: cut }, { text: 'done' }]),
    undefined,
    undefined,
    undefined,
    { messages },
  );
  expect(events.map(({ step }) => step.kind)).toEqual(['said', 'said', 'ended']);
  expect(messages.slice(1)).toEqual([
    { role: 'assistant', text: 'half', calls: [] },
    { role: 'user', text: expect.stringContaining('cut off') },
  ]);
});

it.each([
  ['answer-limit', 3],
  ['paused', 3],
  ['refused', 1],
  ['context-full', 1],
] as const)('ends a model that is cut short by %s at turn %i, and says why', async (kind, turns) => {
  const events = await play(scripted([{ cutShort: { kind, because: `because of ${kind}` } }]));
  expect(endOf(events)).toBe(`because of ${kind}`);
  expect(events.at(-1)?.budget.turns.used).toBe(turns);
});

it('gives the gateway and the screen what was restored, and the model its own words back', async () => {
  const restore = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replaceAll('<EMAIL_1>', 'mina@example.com'));
  const messages: Message[] = [{ role: 'user', text: 'go' }];
  const events = await play(
    scripted([{ text: 'ask <EMAIL_1>', calls: [call({ who: '<EMAIL_1>' })] }, { text: 'done' }]),
    undefined,
    undefined,
    undefined,
    { messages, outgoing: { prepare: async (request) => ({ request, restore }) } },
  );
  expect(events[0]?.step).toEqual({ kind: 'said', text: 'ask mina@example.com' });
  expect(messages[1]).toMatchObject({ text: 'ask <EMAIL_1>', calls: [{ input: { who: '<EMAIL_1>' } }] });
});

it('ends a turn that never comes when its time is used up', async () => {
  const silent: ModelClient = {
    id: 'silent',
    parameters: {},
    async *turn(_request, signal): AsyncGenerator<string, Turn> {
      return new Promise<Turn>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      );
    },
  };
  const events = await play(silent, { ...defaultLimits, wallMs: 20 }, () => performance.now());
  expect(endOf(events)).toMatch(/time/);
});
