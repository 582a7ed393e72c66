import { expect, it } from 'vitest';
import { explainCandidate } from '../../../../electron/analyst/tools/explain-candidate.ts';
import type { Candidates } from '../../../../shared/vocabulary/candidate.ts';
import { Event } from '../../../../shared/vocabulary/event.ts';
import { readContextOf } from '../../../fixtures/read-context-of.ts';

const calm = () => new AbortController().signal;
const change = (key: string, atMs: number) =>
  Event.parse({
    incident: 'inc-1',
    kind: 'change',
    change: 'deploy',
    key,
    atMs,
    service: 'checkout',
    title: `checkout ${key}`,
    source: 'Cluster',
    actor: 'ci',
    diff: Array.from({ length: 50 }, (_, at) => ({ path: `f${at}`, before: null, after: 'x' })),
  });
const candidate = (id: string, atMs: number): Candidates['changes'][number] => ({
  id,
  kind: 'deploy',
  service: 'checkout',
  title: id,
  atMs,
  score: 0.7,
  factors: [{ name: 'timing', value: 1, sentence: 'just before' }],
  reasons: ['just before'],
  judgement: { as: 'dismissed', person: 'Kim', atMs: 1, reason: 'rolled back already' },
});
const anomaly = (service: string) => ({
  service,
  metric: 'error_rate',
  kind: 'error_rate' as const,
  onsetMs: 120_000,
  direction: 'up' as const,
  strength: 9,
  baseline: 0,
  observed: 1,
  sentence: `${service} fails`,
});
const context = readContextOf({
  events: () => [change('a', 60_000), change('b', 30_000)],
  topology: () => ({ services: [], calls: [{ from: 'web', to: 'checkout' }] }),
  candidates: () => ({
    atMs: 1,
    onsetMs: 120_000,
    changes: [candidate('b', 30_000), candidate('a', 60_000)],
    services: [{ id: 'checkout', score: 0.4, factors: [], reasons: [] }],
    anomalies: [anomaly('checkout'), anomaly('web'), anomaly('search')],
    novelty: 0,
    worthReading: 1,
  }),
});
const explain = (id: string) => explainCandidate.run({ candidate: id }, context, calm());

it('tells all that is known of one candidate, and counts what it leaves out', async () => {
  expect(await explain('a')).toMatchObject({
    place: 2,
    of: 2,
    minutesBeforeOnset: 1,
    factors: [{ name: 'timing' }],
    actor: 'ci',
    judgement: 'Kim ruled it out: rolled back already',
    anomalies: [{ service: 'checkout' }, { service: 'web' }],
    alsoChanged: [{ key: 'b', kind: 'deploy' }],
    omitted: 10,
  });
});

it('explains a service as well, and nothing that is not ranked', async () => {
  expect(await explain('checkout')).toMatchObject({
    kind: 'service',
    at: null,
    minutesBeforeOnset: null,
    place: 1,
  });
  await expect(explain('nobody')).rejects.toThrow('holds no candidate "nobody"');
  await expect(explainCandidate.run({ candidate: 'a' }, readContextOf(), calm())).rejects.toThrow(
    'holds no candidate',
  );
});
