import { expect, it } from 'vitest';
import { analystDesk } from '../../../electron/analyst/analyst-desk.ts';
import { defaultLimits } from '../../../electron/analyst/budget.ts';
import { type Message, type ModelClient, nothingLeaves } from '../../../electron/analyst/model-client.ts';
import type { RecordedRun } from '../../../electron/analyst/replay/recording.ts';
import { openLedger } from '../../../electron/ledger/log.ts';
import { randomIds } from '../../../electron/platform/ids.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import type { AnalystStep } from '../../../shared/vocabulary/analyst.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import type { StopState } from '../../../shared/vocabulary/status.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

const incident = IncidentId.parse('inc-1');
const question = { person: 'Mina', text: 'what changed?', atMs: 1, utcOffsetMinutes: 60 };
type Scripted = (
  messages: readonly Message[],
  signal: AbortSignal,
) => Promise<{ name: string; input: object }[]>;

/** A desk whose model does what a script says; `heard` is what it was given in each turn. */
function bench(script: Scripted, stop: () => StopState = () => ({ stopped: false })) {
  const { db } = openStore(`${newDataDir()}/a.db`, migrations);
  const clock = { now: () => 1_000, every: () => () => {} };
  const ledger = openLedger({ db, realm: 'real', clock, ids: randomIds });
  const steps: AnalystStep[] = [];
  const heard: Message[][] = [];
  const called: string[] = [];
  const begun: RecordedRun[] = [];
  const client: ModelClient = {
    id: 'scripted/1',
    parameters: {},
    async *turn({ messages }, signal) {
      heard.push([...messages]);
      const calls = await script(messages, signal);
      return {
        text: '',
        calls: calls.map((call, at) => ({ id: `c${heard.length}-${at}`, ...call })),
        tokens: null,
      };
    },
  };
  const chosen = { outgoing: nothingLeaves, limits: defaultLimits, price: null, why: 'it is here' };
  const desk = analystDesk({
    choose: () => ({ client, ...chosen }),
    standing: () => ({ model: client.id, ...chosen }),
    system: '',
    ledger,
    clock,
    ids: randomIds,
    about: () => 'an incident',
    claims: () => [],
    secretsIn: async () => [],
    nowMs: () => 0,
    runs: { begin: (run) => void begun.push(run), add: () => {}, keepText: () => {} },
    record: () => ({ hasEvent: (key) => key === 'known', hasRead: () => false }),
    stop,
    overBudget: () => null,
    gateway: () => ({
      specs: [],
      handle: async ({ id, name }) => {
        called.push(name);
        return { result: { call: id, text: '{}', failed: false }, step: { kind: 'said', text: name } };
      },
    }),
    steps: { next: () => steps.length, add: (step) => void steps.push(step), of: () => steps },
    publish: () => {},
  });
  const told = () => steps.map(({ step }) => step.kind);
  return { desk, steps, heard, called, told, ledger, begun };
}

const answering: Scripted = async (messages) =>
  messages.length === 1
    ? [
        {
          name: 'answer_question',
          input: {
            answer: [
              { sentence: 'it was this', events: ['known'], reads: [] },
              { sentence: 'or that', events: ['made up'], reads: [] },
            ],
          },
        },
      ]
    : [];

it('answers a question in a run of its own, on record with who asked', async () => {
  const { desk, told, steps, heard, ledger } = bench(answering);
  await desk.ask(incident, question);
  expect(told()).toEqual(['asked', 'started', 'answered', 'ended']);
  expect(steps[2]?.step).toMatchObject({
    dropped: 1,
    answer: [{ sentence: 'it was this', events: ['known'] }],
  });
  expect(heard[0]?.[0]).toMatchObject({ role: 'user', question: { text: 'what changed?' } });
  expect(ledger.entries({ kind: 'question' })).toMatchObject([
    { actor: { kind: 'person', name: 'Mina' }, body: { question: 'what changed?' } },
  ]);
  expect(ledger.entries({ kind: 'answer' })).toHaveLength(1);
});

it('reads up on the incident beside a question, and answers what is asked while it reads, each once', async () => {
  let finish = () => {};
  const held = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { desk, told } = bench(async (messages, signal) => {
    const [opening] = messages;
    if (opening?.role === 'user' && !opening.question) await held;
    return opening?.role === 'user' && opening.question ? answering(messages, signal) : [];
  });
  const reading = desk.start(incident, 'it began');
  const asked = [desk.ask(incident, question), desk.ask(incident, question)];
  expect(desk.isReading(incident)).toBe(true);
  expect(desk.start(incident, 'once more')).toBe(reading);
  finish();
  await Promise.all([reading, ...asked]);
  await desk.settled();
  expect(told().filter((kind) => kind === 'answered')).toHaveLength(2);
  expect(told().filter((kind) => kind === 'started')).toHaveLength(3);
});

it('lets no question through while everything is stopped, and says so of one that waited', async () => {
  let stopped: StopState = { stopped: false };
  let finish = () => {};
  const held = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { desk, steps } = bench(
    async () => {
      await held;
      return [];
    },
    () => stopped,
  );
  void desk.start(incident, 'it began');
  const waits = desk.ask(incident, question);
  stopped = { stopped: true, by: 'Mina', reason: 'wait', atMs: 1 };
  expect(() => desk.ask(incident, question)).toThrow(/Stopped by Mina/);
  finish();
  await waits;
  expect(steps.at(-1)?.step).toMatchObject({
    kind: 'ended',
    because: expect.stringContaining('Stopped by Mina'),
  });
});

it('goes on after a stop with what it had read, and reads none of it again', async () => {
  let isCut = true;
  const { desk, heard, called, told, begun } = bench(async (messages, signal) => {
    if (messages.length === 1) return [{ name: 'read_metric', input: { service: 'checkout' } }];
    if (!isCut) return [];
    return new Promise((_, reject) => {
      const end = () => reject(new Error('aborted'));
      if (signal.aborted) end();
      signal.addEventListener('abort', end);
    });
  });
  const reading = desk.start(incident, 'it began');
  await expect.poll(() => heard.length).toBe(2);
  desk.stop(incident);
  await reading;
  expect(desk.runOf(incident).state).toBe('stopped');
  isCut = false;
  await desk.resume(incident, 'Mina');
  expect(desk.runOf(incident).state).toBe('done');
  expect(called).toEqual(['read_metric']);
  expect(heard[2]?.map(({ role }) => role)).toEqual(['user', 'assistant', 'tools']);
  expect(told().filter((kind) => kind === 'started')).toHaveLength(2);
  const [first, second] = begun;
  expect(first?.continues).toBeUndefined();
  expect(second).toMatchObject({ continues: first?.id });
});

it('begins anew where nothing was read that it could go on with', async () => {
  const { desk, steps } = bench(async () => []);
  await desk.resume(incident, 'Mina');
  expect(steps[0]?.step).toMatchObject({ kind: 'started', because: 'Mina asked for a fresh reading.' });
});
