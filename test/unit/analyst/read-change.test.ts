import { expect, it } from 'vitest';
import { listCandidates } from '../../../electron/analyst/tools/list-candidates.ts';
import { readChange } from '../../../electron/analyst/tools/read-change.ts';
import type { ReadContext } from '../../../electron/analyst/tools/read-tool.ts';
import { searchTimeline } from '../../../electron/analyst/tools/search-timeline.ts';
import { type ChangeEvent, Event } from '../../../shared/vocabulary/event.ts';
import { inMemoryCluster } from '../../fixtures/in-memory-cluster.ts';
import { nothingRemembered, readContextOf } from '../../fixtures/read-context-of.ts';

const calm = () => new AbortController().signal;
const changeOf = (differences: Partial<ChangeEvent> = {}): ChangeEvent => {
  const event = Event.parse({
    incident: 'inc-1',
    kind: 'change',
    change: 'config',
    key: 'config:shop/a',
    atMs: 1_000,
    service: 'checkout',
    title: 'pool.size was changed',
    source: 'Production',
    labels: { namespace: 'shop', object: 'ConfigMap/checkout-config' },
    diff: [{ path: 'pool.size', before: '40', after: '4' }],
    ...differences,
  });
  if (event.kind !== 'change') throw new Error('it is a change');
  return event;
};

const contextOf = (event: ChangeEvent, differences: Partial<ReadContext> = {}): ReadContext => ({
  ...readContextOf(),
  events: () => [event],
  candidates: () => ({
    atMs: 1,
    onsetMs: null,
    changes: [
      {
        id: event.key,
        kind: event.change,
        service: 'checkout',
        title: event.title,
        atMs: 1,
        score: 1,
        factors: [],
        reasons: [],
      },
    ],
    services: [],
    anomalies: [],
    novelty: 0,
    worthReading: 1,
  }),
  readersNamed: (source) =>
    source === 'Production' ? { id: 'con-1', cluster: inMemoryCluster().reader, flags: undefined } : null,
  past: nothingRemembered,
  ...differences,
});

it.each<[string, Partial<ChangeEvent>, string | null]>([
  ['the key of a ConfigMap', {}, '4'],
  ['a key that is not there', { diff: [{ path: 'nobody', before: '1', after: null }] }, null],
  [
    'a key named like what every object has',
    { diff: [{ path: 'toString', before: '1', after: null }] },
    null,
  ],
  [
    'the replicas of a Deployment',
    {
      change: 'scale',
      labels: { namespace: 'shop', object: 'Deployment/checkout' },
      diff: [{ path: 'replicas', before: '9', after: '6' }],
    },
    '6',
  ],
  [
    'the weight of an Ingress',
    {
      change: 'traffic',
      labels: { namespace: 'shop', object: 'Ingress/checkout' },
      diff: [{ path: 'weight', before: '50', after: '100' }],
    },
    '100',
  ],
])('tells what a change did and what stands there now: %s', async (_case, differences, value) => {
  const event = changeOf(differences);
  const answer = await readChange.run({ change: event.key }, contextOf(event), calm());
  expect(readChange.output.parse(answer)).toMatchObject({
    connection: 'con-1',
    diff: event.diff,
    now: { value },
  });
});

it.each<[string, Partial<ChangeEvent>]>([
  ['its source is not connected', { source: 'elsewhere' }],
  ['its object is gone', { labels: { namespace: 'shop', object: 'ConfigMap/gone' } }],
  ['it says nothing of an object', { labels: {} }],
  ['it says nothing of a difference', { diff: [] }],
])('does not claim to know what is there now when %s', async (_case, differences) => {
  const event = changeOf(differences);
  const answer = await readChange.run({ change: event.key }, contextOf(event), calm());
  expect(answer.now).toBeNull();
});

it('does not tell a secret', async () => {
  const event = changeOf({ diff: [{ path: 'db.password', before: '(hidden)', after: '(hidden)' }] });
  const cluster = inMemoryCluster();
  cluster.setConfig({
    uid: 'c1',
    data: { 'db.password': 'hunter2' },
    immutable: false,
    managedBy: null,
    ownership: null,
  });
  const readersNamed = () => ({ id: 'c', cluster: cluster.reader, flags: undefined });
  const answer = await readChange.run({ change: event.key }, contextOf(event, { readersNamed }), calm());
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});

it('knows no change that is not on the timeline', async () => {
  const context = contextOf(changeOf());
  await expect(readChange.run({ change: 'config:other' }, context, calm())).rejects.toMatchObject({
    code: 'not_found',
  });
});

it('lists candidates and events with what they changed, briefly', async () => {
  const event = changeOf({ diff: [{ path: 'file', before: 'x'.repeat(3_000), after: '4' }] });
  const listed = await listCandidates.run({ limit: 5 }, contextOf(event), calm());
  const found = await searchTimeline.run({ limit: 5 }, contextOf(event), calm());
  for (const diff of [listed.changes[0]?.diff, found.events[0]?.diff]) {
    expect(diff).toMatchObject([{ path: 'file', after: '4' }]);
    expect(diff?.[0]?.before?.length).toBeLessThan(300);
  }
});
