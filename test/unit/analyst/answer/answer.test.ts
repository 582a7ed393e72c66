import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ModelClient } from '../../../../electron/analyst/model-client.ts';
import { offlineAnalyst } from '../../../../electron/analyst/offline/offline-analyst.ts';
import { ask, askedContext } from '../../../fixtures/asked-incident.ts';
import { memoryAt } from '../../../fixtures/fake-host/memory-fixture.ts';

const answerTo = async (question: string, context = askedContext()) => {
  const { answers } = await ask(offlineAnalyst, question, context);
  expect(answers).toHaveLength(1);
  expect(answers[0]?.dropped).toBe(0);
  return answers[0]?.answer ?? [];
};
const inShort = async (question: string, context = askedContext()) =>
  (await answerTo(question, context)).map(({ sentence }) => sentence);

it('says what changed on a service since a time, with the difference and a link to each', async () => {
  const answer = await answerTo('what changed on checkout since 09:00?');
  expect(answer.map(({ sentence }) => sentence)).toEqual([
    '1 change on checkout on the timeline since 09:00:00 (UTC).',
    '09:12:00 config on checkout: pool.size was changed (pool.size: 40 → 4) — candidate 1 of 1',
  ]);
  expect(answer[1]?.events).toEqual(['config:checkout']);
});

it.each([
  [
    'what changed?',
    ['3 changes on the timeline in this incident.', '08:40:00 deploy on checkout: checkout 1.42'],
  ],
  [
    'which flags changed',
    ['1 flag change on the timeline in this incident.', '09:05:00 flag on payments: new-cart on'],
  ],
  [
    'what changed on checkout since 09:15',
    ['No change on checkout on the timeline since 09:15:00 (UTC).', 'The last one before that:'],
  ],
  ['what changed before the onset', ['3 changes on the timeline before the onset (UTC).']],
  ['what changed since the onset', ['No change on the timeline since the onset (UTC).']],
  [
    'what happened between 09:14 and 09:16',
    ['2 events on the timeline between 09:14:00 and 09:16:00 (UTC).'],
  ],
  [
    'what happened on billing',
    [
      'No event on billing on the timeline in this incident.',
      'No service billing is seen in this incident. Seen: checkout, payments.',
    ],
  ],
  [
    'which alerts fired?',
    ['1 signal on the timeline in this incident.', '09:15:00 alert on checkout: HighErrorRate'],
  ],
  [
    'who approved it?',
    ['1 decision on record (UTC).', '09:18:00 decision on checkout: Mina approved: restore pool.size'],
  ],
  ['who denied anything', ['Nobody has denied anything yet.', 'What was proposed:']],
  [
    'what was tried so far',
    [
      'What was decided, carried out and came of it (UTC):',
      '09:18:00 decision on checkout: Mina approved: restore pool.size',
      '09:18:05 execution on checkout: Executed: restore pool.size',
      '09:20:00 outcome on checkout: Outcome improved: restore pool.size',
    ],
  ],
  [
    'is checkout healthy',
    ['checkout does not look healthy: error_ratio left its normal and has not come back.'],
  ],
  ['is payments healthy', ['payments looks healthy: none of its 1 metrics left its normal.']],
  ['is ledger-db healthy', ['Whether ledger-db is healthy cannot be told: no metrics of it could be read.']],
  [
    'when did it begin',
    ['The trouble began about 09:14:00 (UTC).', 'First to leave its normal: error_ratio of checkout rose'],
  ],
  [
    'what caused this',
    [
      '1 change in the window, 1 worth reading; 10 % that the cause is none of them.',
      'pool.size was changed on checkout, 09:12:00 (UTC), score 0.8: It changed checkout two minutes before',
    ],
  ],
  ['what do the notes say', ['1 note in this incident.', '09:16:00 note: card network looks fine']],
  [
    'how is it different from the last incident',
    ['No earlier incident is remembered, so there is nothing to compare with.'],
  ],
])('answers “%s”', async (question, beginning) => {
  expect((await inShort(question)).slice(0, beginning.length)).toEqual(beginning);
});

it('tells what is alike and what is not in the nearest past incident', async () => {
  const past = { about: () => memoryAt(Date.parse('2026-03-03T09:21:00Z'), 0.1), search: () => [] };
  const sentences = await inShort('have we seen this before?', askedContext({ past }));
  expect(sentences[0]).toContain('“Payments fail after a deploy”');
  expect(sentences).toContain('Only now: storefront.');
  expect(sentences).toContain('Its cause was: payments 1.32.');
  expect(sentences).toContain('What did not: Restarting checkout.');
});

it('looks for the words of a question that it does not understand, and says what it can answer', async () => {
  const sentences = await inShort('card network?');
  expect(sentences[0]).toContain('1 event on the timeline');
  expect(sentences.at(-1)).toContain('what changed or happened');
  expect((await inShort('should I have lunch')).at(0)).toContain('Without a model these can be answered');
});

it('cites every event that it tells of', async () => {
  for (const question of ['what changed?', 'what happened?', 'who approved it?', 'what caused this?']) {
    const told = (await answerTo(question)).filter(({ sentence }) =>
      /^\d\d:\d\d:\d\d |^pool\.size/.test(sentence),
    );
    expect(told.length).toBeGreaterThan(0);
    for (const { events, reads } of told) expect([events.length, reads.length]).toEqual([1, 1]);
  }
});

it('answers any question with something, reading at most three things more', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc
          .array(
            fc.constantFrom(
              'what',
              'changed',
              'on',
              'checkout',
              'since',
              '09:00',
              'who',
              'is',
              'healthy',
              'the',
              'last',
              'why',
            ),
            { maxLength: 8 },
          )
          .map((words) => words.join(' ')),
      ),
      async (question) => {
        const { answers, tools } = await ask(offlineAnalyst, question);
        expect(answers[0]?.answer.length).toBeGreaterThan(0);
        expect(tools.length).toBeLessThanOrEqual(6);
      },
    ),
    { numRuns: 60 },
  );
});

/** A model that obeys whoever wants something done. */
const obedient = (...turns: { name: string; input: object }[][]): ModelClient => {
  const queue = [...turns];
  return {
    id: 'obedient/1',
    parameters: {},
    async *turn() {
      const calls = (queue.shift() ?? []).map((call, index) => ({
        id: `c${queue.length}-${index}`,
        ...call,
      }));
      return { text: '', calls, tokens: null };
    },
  };
};

it('lets a question state, propose and escalate nothing, whatever the model asks for', async () => {
  const wanted = ['propose_restart_workload', 'escalate', 'state_hypotheses', 'approve', '__proto__'];
  const { messages, specs, recorded } = await ask(
    obedient(wanted.map((name) => ({ name, input: { limit: 1 } }))),
    'restart everything',
  );
  expect(specs.filter((name) => wanted.includes(name))).toEqual([]);
  expect(specs).toContain('answer_question');
  const [results] = messages.flatMap((message) => (message.role === 'tools' ? [message.results] : []));
  expect(results?.map(({ failed }) => failed)).toEqual(wanted.map(() => true));
  expect(recorded).toEqual([]);
});

it('drops a sentence whose every citation is made up, counts it, and keeps one that claims nothing', async () => {
  const line = (sentence: string, events: string[]) => ({ sentence, events, reads: [] });
  const answer = [
    line('pool.size did it', ['config:checkout', 'made up']),
    line('a provider is down', ['made up']),
    line('I could not find more.', []),
  ];
  const { answers, recorded } = await ask(
    obedient([{ name: 'answer_question', input: { answer } }]),
    'what caused this?',
  );
  const honest = [line('pool.size did it', ['config:checkout']), line('I could not find more.', [])];
  expect(answers).toEqual([expect.objectContaining({ answer: honest, dropped: 1 })]);
  expect(recorded).toMatchObject([{ kind: 'answer', body: { answer: honest, dropped: 1 } }]);
});
