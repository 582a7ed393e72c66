import { expect, it } from 'vitest';
import type { Asked } from '../../../../electron/analyst/analyst-desk.ts';
import { defaultLimits } from '../../../../electron/analyst/budget.ts';
import { type ModelClient, nothingLeaves, type Turn } from '../../../../electron/analyst/model-client.ts';
import { recorder } from '../../../../electron/analyst/replay/recording.ts';
import { replayRun } from '../../../../electron/analyst/replay/replay-run.ts';
import { storedRuns } from '../../../../electron/analyst/replay/stored-run.ts';
import { incidentRepository } from '../../../../electron/store/incident-repository.ts';
import { migrations } from '../../../../electron/store/migrations/all.ts';
import { openStore } from '../../../../electron/store/open-store.ts';
import { runRepository } from '../../../../electron/store/run-repository.ts';
import { IncidentId } from '../../../../shared/vocabulary/ids.ts';
import { newDataDir } from '../../../fixtures/data-dir.ts';

const read = (service: string) => ({ id: service, name: 'read_metric', input: { service } });
const question = { text: 'what changed?', atMs: 7, utcOffsetMinutes: 60 };
const incident = IncidentId.parse('inc-1');
const asked: Asked = { ...question, person: 'Mina' };

/** A store on disk and what writes a run of one read into it. */
function bench() {
  const { db } = openStore(`${newDataDir()}/a.db`, migrations);
  incidentRepository(db).save({
    id: incident,
    realm: 'real',
    title: 'checkout is slow',
    severity: 'sev1',
    status: 'open',
    commander: 'Mina',
    openedMs: 0,
    closedMs: null,
    fromMs: 0,
    services: [],
    drill: null,
  });
  const repository = runRepository(db);
  const record = (
    id: string,
    startedMs: number,
    service: string,
    { ended, ...more }: { continues?: string; ended: string | null; asked?: boolean },
  ) => {
    const run = recorder(repository, {
      id,
      incident,
      startedMs,
      model: 'one/1',
      parameters: {},
      system: 'be careful',
      tools: [],
      opening: {
        role: 'user',
        text: `opening of ${id}`,
        ...(more.asked ? { question: asked } : {}),
      },
      continues: more.continues,
    });
    run.turn({ text: '', calls: [read(service)], tokens: null });
    run.answer(read(service), { call: service, text: `{"of":"${service}"}`, failed: false });
    if (ended !== null) run.ended(ended);
  };
  return { repository, record };
}

it('makes one of a run that was stopped and those that took it up, from the first opening to the last word', async () => {
  const { repository, record } = bench();
  record('run-1', 1_000, 'payments', { ended: 'stopped' });
  record('run-2', 2_000, 'checkout', { continues: 'run-1', ended: 'stopped' });
  record('run-3', 3_000, 'orders', { continues: 'run-2', ended: 'nothing more' });
  // Of a window that begins after the first two: what they read belongs to the third all the same.
  const [stored, ...others] = storedRuns(repository, 2_500);
  expect(others).toEqual([]);
  expect(storedRuns(repository, 0)).toMatchObject([{ begun: { id: 'run-3' } }]);
  expect(stored).toMatchObject({ begun: { id: 'run-3', opening: { text: 'opening of run-1' } } });
  expect(stored?.steps.map(({ kind }) => kind)).toEqual([
    'turn',
    'answer',
    'turn',
    'answer',
    'turn',
    'answer',
    'ended',
  ]);

  const heard: string[] = [];
  const client: ModelClient = {
    id: 'two/2',
    parameters: {},
    async *turn({ messages }): AsyncGenerator<string, Turn> {
      const last = messages.at(-1);
      if (last?.role === 'user') heard.push(last.text);
      if (last?.role === 'tools') heard.push(...last.results.map(({ text }) => text));
      const calls = last?.role === 'user' ? [read('payments'), read('orders')] : [];
      return { text: '', calls, tokens: null };
    },
  };
  if (!stored) throw new Error('It was stored');
  const inFront = { client, outgoing: nothingLeaves, system: '', limits: defaultLimits, price: null };
  const replayed = await replayRun(stored, inFront, new AbortController().signal);
  expect(heard).toEqual(['opening of run-1', '{"of":"payments"}', '{"of":"orders"}']);
  expect(replayed).toMatchObject({ notRecorded: 0, before: { turns: 3, ended: 'nothing more' } });
});

it('plays none of which a part is missing, has no end, or takes up itself', () => {
  const { repository, record } = bench();
  record('run-2', 2_000, 'checkout', { continues: 'run-1', ended: 'nothing more' });
  record('run-3', 3_000, 'checkout', { ended: null });
  record('run-4', 4_000, 'checkout', { continues: 'run-4', ended: 'nothing more' });
  expect(storedRuns(repository, 0)).toEqual([]);
});

it('asks the question again, and not in whose name', () => {
  const { repository, record } = bench();
  record('run-1', 1_000, 'payments', { ended: 'nothing more', asked: true });
  expect(storedRuns(repository, 0)[0]?.begun.opening).toEqual({
    role: 'user',
    text: 'opening of run-1',
    question,
  });
});
