import { describe, expect, it } from 'vitest';
import { traceOf } from '../../../../electron/actions/parts/trace.ts';
import type { ClusterReader, ManagerMark } from '../../../../electron/connectors/source.ts';
import { inMemoryCluster } from '../../../fixtures/in-memory-cluster.ts';

const atMs = Date.parse('2026-03-01T12:00:00Z');
const ref = { kind: 'Deployment', namespace: 'shop', name: 'checkout' } as const;
const untouched: ManagerMark = { uid: 'u1', mark: null, writtenAt: '2026-03-01T11:00:00Z' };

const traced = (found: ManagerMark | null, now: string) => {
  const cluster: ClusterReader = { ...inMemoryCluster().reader, markOf: async () => found };
  const change = { before: 'paused', after: 'not paused', now: async () => now };
  const lost = { intent: 'prop-7', atMs };
  return traceOf(cluster, { ref, uid: 'u1' }, lost, change, new AbortController().signal);
};

describe('the trace of a write', () => {
  it.each<[string, ManagerMark | null, string, string, RegExp]>([
    ['is gone with its object', null, 'paused', 'cannot-tell', /no longer there/],
    [
      'is nobody’s where the object was made again',
      { ...untouched, uid: 'u2' },
      'paused',
      'cannot-tell',
      /made again/,
    ],
    [
      'is proved by the name of the intent, whatever stands there now',
      { ...untouched, mark: { operation: 'Update', at: '2026-03-01T12:00:01Z' } },
      'paused',
      'was',
      /names prop-7 .* at 2026-03-01T12:00:01Z/,
    ],
    ['is absent where nothing has changed', untouched, 'paused', 'was-not', /still paused/],
    [
      'is absent where nothing tells of any writer',
      { ...untouched, writtenAt: null },
      'paused',
      'was-not',
      /still paused/,
    ],
    ['is not proved by the effect alone', untouched, 'not paused', 'cannot-tell', /somebody else may have/],
    ['is lost in another change', untouched, 'something else', 'cannot-tell', /somebody changed it since/],
    [
      'may have been undone by whoever wrote since',
      { ...untouched, writtenAt: '2026-03-01T12:00:05Z' },
      'paused',
      'cannot-tell',
      /changed and changed back/,
    ],
    [
      'may have been undone where clocks differ by a little',
      { ...untouched, writtenAt: '2026-03-01T11:59:55Z' },
      'paused',
      'cannot-tell',
      /changed and changed back/,
    ],
  ])('%s', async (_case, found, now, kind, evidence) => {
    expect(await traced(found, now)).toEqual({ kind, evidence: expect.stringMatching(evidence) });
  });
});
