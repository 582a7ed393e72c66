import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drainNode } from '../../../electron/actions/drain-node.ts';
import type { ClusterControl, WriteResult } from '../../../electron/connectors/source.ts';
import { inMemoryCluster } from '../../fixtures/in-memory-cluster.ts';

const input = { cluster: 'k', name: 'node-a1' };
const podsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    namespace: 'shop',
    name: `web-${index}`,
    uid: `u${index}`,
  }));
const seenOf = (count: number, unschedulable = false) => ({
  uid: 'n1',
  unschedulable,
  pods: podsOf(count),
  keepsData: false,
});
const options = { intent: 'prop-7', atMs: 0, dryRun: false };

/** A cluster that answers each eviction as the test says; a stop may come with one of them. */
function answering(evictions: readonly WriteResult[], stopAt = -1) {
  const stop = new AbortController();
  const sent: string[] = [];
  const cluster = inMemoryCluster();
  const control: ClusterControl = {
    ...cluster.control,
    setUnschedulable: async (name) => {
      sent.push(name);
      return { kind: 'applied', sentence: 'cordoned' };
    },
    evict: async ({ name }) => {
      sent.push(name);
      const index = sent.length - 2;
      if (index === stopAt) stop.abort();
      return evictions[index] ?? { kind: 'applied', sentence: `${name} is evicted` };
    },
  };
  const reach = drainNode.reach({ cluster: { reader: cluster.reader, control } });
  if (!reach) throw new Error('nodes are in clusters');
  const execute = (seen: ReturnType<typeof seenOf>) =>
    reach.execute(input, seen, { ...options, halt: stop.signal }, new AbortController().signal);
  return { sent, execute };
}

const answer = fc.oneof(
  { weight: 4, arbitrary: fc.constant<WriteResult>({ kind: 'applied', sentence: 'evicted' }) },
  fc.constant<WriteResult>({ kind: 'not-applied', because: 'a budget (429)', budget: true }),
  fc.constant<WriteResult>({ kind: 'not-applied', because: 'not allowed (403)' }),
  fc.constant<WriteResult>({ kind: 'unknown', because: 'cut off' }),
);

it('asks for each pod once at most, and for none after a stop or an answer that was lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(answer, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: -1, max: 7 }),
      async (answers, stopAt) => {
        const { sent, execute } = answering(answers, stopAt);
        const result = await execute(seenOf(answers.length));
        const lostAt = answers.findIndex(({ kind }) => kind === 'unknown');
        const ends = [lostAt, stopAt, answers.length - 1].filter((at) => at >= 0);
        const asked = Math.min(...ends) + 1;
        expect(sent).toEqual(['node-a1', ...podsOf(asked).map(({ name }) => name)]);
        const isLost = lostAt >= 0 && lostAt < asked;
        const moved = answers.slice(0, asked).filter(({ kind }) => kind === 'applied').length;
        expect(result.kind).toBe(isLost ? 'unknown' : 'applied');
        if (!isLost) expect('partly' in result).toBe(moved < answers.length);
      },
    ),
  );
});

it('says of a lost answer which pods were evicted before it', async () => {
  const { execute } = answering([
    { kind: 'applied', sentence: 'evicted' },
    { kind: 'unknown', because: 'The connection broke.' },
  ]);
  expect(await execute(seenOf(3))).toEqual({
    kind: 'unknown',
    because: 'shop/web-1: The connection broke. Evicted before: shop/web-0.',
  });
});

it('does not miss pods that went by themselves meanwhile', async () => {
  const { execute } = answering([
    { kind: 'not-applied', because: 'The pod is gone already', gone: true },
    { kind: 'applied', sentence: 'evicted' },
  ]);
  expect(await execute(seenOf(2))).toEqual({
    kind: 'applied',
    sentence: 'node-a1 is cordoned and drained; evicted shop/web-1; gone by themselves: shop/web-0',
  });
});

it('leaves a node as it was that is cordoned already', async () => {
  const { sent, execute } = answering([]);
  await execute(seenOf(1, true));
  expect(sent).toEqual(['web-0']);
});
