import { afterEach, expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';

const closing: Host[] = [];
afterEach(async () => {
  for (const host of closing.splice(0)) await host.close();
});

it('ranks again without what a person ruled out, keeps what is pinned, and puts back what was a mistake', async () => {
  const host = await createHost({
    dataDir: newDataDir(),
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
  });
  closing.push(host);
  const call = callerOf(host);
  const { id: incident } = await call('drills.start', { scenario: 'bad-deploy', seed: 7 });
  await call('drills.pause', {});
  const room = () => call('incidents.room', { incident });
  const candidates = await eventually('the ranking', async () => (await room()).candidates);
  const [first, second] = candidates.changes;
  const last = candidates.changes.at(-1);
  if (!first || !second || !last) throw new Error('too few candidates to rule one out');
  const judge = (candidate: string, answer: Parameters<typeof call<'candidates.judge'>>[1]['answer']) =>
    call('candidates.judge', { incident, candidate, answer });

  await judge(first.id, { as: 'dismissed', reason: 'rolled back an hour ago already' });
  await judge(last.id, { as: 'pinned' });
  const without = await room();
  const ids = without.candidates?.changes.map(({ id }) => id) ?? [];
  expect(ids.at(-1)).toBe(first.id);
  expect(new Set(ids)).toEqual(new Set(candidates.changes.map(({ id }) => id)));
  const judged = Object.fromEntries(without.candidates?.changes.map((one) => [one.id, one]) ?? []);
  expect(judged[first.id]).toMatchObject({
    score: 0,
    judgement: { as: 'dismissed', reason: 'rolled back an hour ago already' },
  });
  expect(judged[last.id]?.judgement).toMatchObject({ as: 'pinned' });
  expect(judged[second.id]?.score).toBeGreaterThan(second.score);
  expect(without.candidates?.novelty).toBeGreaterThanOrEqual(candidates.novelty);
  expect(without.events.map(({ title }) => title)).toContainEqual(
    expect.stringContaining(`ruled out “${first.title}”`.slice(0, 60)),
  );
  const notes = await call('ledger.entries', { realm: 'drill', incident, kind: 'note', limit: 10 });
  expect(notes.map(({ actor, body }) => [actor.kind, body['candidate'], body['judgement']])).toEqual([
    ['person', last.id, 'pinned'],
    ['person', first.id, 'dismissed'],
  ]);

  await judge(first.id, { as: 'open' });
  expect((await room()).candidates?.changes[0]).toMatchObject({ id: first.id, score: first.score });
  await expect(judge('deploy:shop/nothing@1', { as: 'pinned' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(judge(first.id, { as: 'dismissed', reason: ' ' })).rejects.toMatchObject({
    code: 'bad_input',
  });
});
