import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkloadState } from '../../../electron/connectors/source.ts';
import { proposalBench } from '../../fixtures/proposal-bench.ts';

let bench: ReturnType<typeof proposalBench>;
beforeEach(() => {
  bench = proposalBench();
});
afterEach(() => bench.close());

const target = { cluster: 'drill-cluster', kind: 'Deployment', namespace: 'shop', name: 'checkout' };
const restart = (differences: object = {}) =>
  bench.wish({ action: 'restart-workload', input: { ...target, ...differences } });

it('marks the template with the time of the intent, once, and the way back restores the mark before', async () => {
  const { desk, cluster } = bench;
  cluster.setWorkload({ restartedAt: '2026-01-01T00:00:00Z' });
  const proposal = await desk.propose(restart());
  expect(proposal).toMatchObject({
    title: 'Restart checkout',
    command: 'kubectl -n shop rollout restart deployment/checkout',
    backOutCommand: 'kubectl -n shop rollout undo deployment/checkout',
    reversible: true,
    blastRadius: { class: 'deployment', sentence: '1 deployment, 6 pods (6 ready), tier-1 service' },
    verdict: { kind: 'offer', tier: 'confirm' },
  });
  expect(proposal.preconditions.join()).toContain('the way back replaces the pods once more');
  await desk.approve(proposal.id, bench.answerTo(proposal));
  expect(cluster.workload().restartedAt).toBe('2026-03-03T03:00:00Z');
  const way = await desk.backOut(proposal.id, 'Mina');
  await desk.approve(way.id, bench.answerTo(way));
  expect(cluster.workload().restartedAt).toBe('2026-01-01T00:00:00Z');
  expect(cluster.writes.map(({ verb }) => verb)).toEqual(['markRestart', 'markRestart']);
});

it('takes the mark away again where there was none', async () => {
  const proposal = await bench.desk.propose(restart());
  await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  const way = await bench.desk.backOut(proposal.id, 'Mina');
  await bench.desk.approve(way.id, bench.answerTo(way));
  expect(bench.cluster.workload().restartedAt).toBeNull();
});

describe('what a restart ends and nothing brings back is a human’s to do', () => {
  it.each<[string, object, Partial<WorkloadState>]>([
    ['a StatefulSet', { kind: 'StatefulSet' }, {}],
    ['pods that keep data', {}, { keepsData: true }],
    ['pods that are all replaced at once', {}, { rolls: false }],
    ['a single pod', {}, { desiredReplicas: 1 }],
  ])('%s', async (_case, differences, state) => {
    bench.cluster.setWorkload(state);
    const proposal = await bench.desk.propose(restart(differences));
    expect(proposal).toMatchObject({ reversible: false, progress: { state: 'escalated' } });
    expect(bench.cluster.writes).toEqual([]);
  });
});

it.each<[string, Partial<WorkloadState>]>([
  ['was made anew', { uid: 'u2' }],
  ['was restarted already', { restartedAt: '2026-03-03T02:59:59Z' }],
  ['has another template', { templateDigest: 'other' }],
  ['was paused', { paused: true }],
  ['came to keep data', { keepsData: true }],
])('is void, and nothing is sent, when it %s', async (_case, state) => {
  const proposal = await bench.desk.propose(restart());
  bench.cluster.setWorkload(state);
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress.state).toBe('voided');
  expect(bench.cluster.writes).toEqual([]);
});

it('is refused by the server when somebody is quicker, and not tried again', async () => {
  const proposal = await bench.desk.propose(restart());
  bench.cluster.beforeWrite(() => bench.cluster.setWorkload({ restartedAt: 'now' }));
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress.state).toBe('failed');
  expect(bench.cluster.workload().restartedAt).toBe('now');
  expect(bench.cluster.writes).toHaveLength(1);
});

it.each<[string, Partial<WorkloadState>]>([
  ['is paused', { paused: true }],
  ['has no pods', { desiredReplicas: 0 }],
])('is not proposed for what %s', async (_case, state) => {
  bench.cluster.setWorkload(state);
  await expect(bench.desk.propose(restart())).rejects.toMatchObject({ code: 'conflict' });
});
