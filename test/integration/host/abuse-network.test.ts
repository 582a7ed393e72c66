import { describe, expect, it, onTestFinished } from 'vitest';
import { type Fault, faultyCluster } from '../../fixtures/faulty-cluster.ts';
import { proposalBench } from '../../fixtures/proposal-bench.ts';

/** A restart of `web`, offered on a cluster whose answers the test chooses. */
async function offered() {
  const bench = proposalBench();
  const cluster = await faultyCluster();
  onTestFinished(async () => {
    bench.close();
    await cluster.close();
  });
  bench.context.systems = () => cluster.systems;
  bench.context.timeline.add(bench.incident, [
    {
      kind: 'change',
      change: 'deploy',
      key: 'deploy:shop/web@12',
      atMs: bench.context.clock.now() - 60_000,
      service: 'web',
      title: 'web 1.1.0 rolled out',
      source: 'k',
    },
  ]);
  const proposal = await bench.desk.propose(
    bench.wish({
      action: 'restart-workload',
      input: { cluster: 'k', kind: 'Deployment', namespace: 'shop', name: 'web' },
    }),
  );
  expect(proposal.progress.state).toBe('offered');
  const approve = () => bench.desk.approve(proposal.id, bench.answerTo(proposal));
  return { bench, cluster, proposal, approve };
}

const answer = (status: number): Fault => ({ kind: 'answers', status });

describe('an approved write', () => {
  it.concurrent.each([403, 409, 422, 429])(
    'that the server refuses with %i changed nothing, and is not sent again',
    async (status) => {
      const { bench, cluster, proposal, approve } = await offered();
      cluster.faults.ofWrites = answer(status);
      expect((await approve()).progress).toMatchObject({ state: 'failed' });
      await expect(approve()).rejects.toMatchObject({ code: 'conflict' });
      expect([cluster.writes(), cluster.restartedAt()]).toEqual([1, undefined]);
      expect(bench.desk.find(proposal.id).progress.state).toBe('failed');
    },
  );

  it.concurrent.each<[Fault, boolean]>([
    [answer(500), false],
    [{ kind: 'hangs' }, false],
    [{ kind: 'cut before it was done' }, false],
    [{ kind: 'cut after it was done' }, true],
  ])(
    'of which nobody knows what became ($kind $status) is left to a human, and is not sent again',
    async (fault, isDone) => {
      const { bench, cluster, proposal, approve } = await offered();
      cluster.faults.ofWrites = fault;
      expect((await approve()).progress).toMatchObject({ state: 'unknown' });
      await expect(approve()).rejects.toMatchObject({ code: 'conflict' });
      await bench.time.advance(120_000);
      expect([cluster.writes(), cluster.restartedAt() !== undefined]).toEqual([1, isDone]);
      expect(bench.desk.find(proposal.id).progress.state).toBe('unknown');
      expect(bench.ledger.entries({ kind: 'result' }).at(-1)?.body).toMatchObject({
        readBack: isDone ? 'was' : 'was-not',
      });
    },
  );
});

describe('before anything is approved', () => {
  it.concurrent.each([403, 500])(
    'says what a trial was answered with (%i), and decides nothing',
    async (status) => {
      const { bench, cluster, proposal, approve } = await offered();
      cluster.faults.ofTrials = answer(status);
      await expect(approve()).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringContaining(proposal.title),
      });
      expect(bench.kinds()).not.toContain('decision');
      expect(cluster.writes()).toBe(0);
    },
  );
});
