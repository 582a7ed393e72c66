import { afterEach, beforeEach, expect, it } from 'vitest';
import { proposalBench } from '../../fixtures/proposal-bench.ts';
import { proposalOf } from '../../fixtures/proposal-of.ts';

let bench: ReturnType<typeof proposalBench>;
beforeEach(() => {
  bench = proposalBench();
});
afterEach(() => bench.close());

const { target } = proposalOf();
const scaleTo = (replicas: number) =>
  bench.wish({ action: 'scale-workload', input: { ...target, replicas } });

it('plans from the live count, scales once, and its way back restores the count before', async () => {
  const proposal = await bench.desk.propose(scaleTo(9));
  expect(proposal).toMatchObject({
    title: 'Scale checkout from 6 to 9',
    command: 'kubectl -n shop scale deployment/checkout --replicas=9',
    backOutCommand: 'kubectl -n shop scale deployment/checkout --replicas=6',
  });
  await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  const way = await bench.desk.backOut(proposal.id, 'Mina');
  await bench.desk.approve(way.id, bench.answerTo(way));
  expect(bench.cluster.writes.map(({ verb }) => verb)).toEqual(['scaleTo', 'scaleTo']);
  expect(way.arguments['replicas']).toBe(6);
});

it.each([0, 21, 10_000])('is denied outside the bounds of the envelope: %i replicas', async (replicas) => {
  const proposal = await bench.desk.propose(scaleTo(replicas));
  expect(proposal.progress.state).toBe('denied');
  expect(proposal.verdict.rules.map(({ rule }) => rule)).toContain('within-bounds');
});

it('is void when somebody scaled in between', async () => {
  const proposal = await bench.desk.propose(scaleTo(9));
  bench.cluster.change({ desiredReplicas: 12 });
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress).toMatchObject({
    state: 'voided',
    because: expect.stringContaining('wants 12 replicas, was 6'),
  });
  expect(bench.cluster.writes).toEqual([]);
});

it('refuses to propose what is already so', async () => {
  await expect(bench.desk.propose(scaleTo(6))).rejects.toMatchObject({ code: 'conflict' });
});
