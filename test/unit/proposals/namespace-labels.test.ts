import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Envelope } from '../../../shared/formats/envelope.ts';
import { proposalBench } from '../../fixtures/proposal-bench.ts';

let bench: ReturnType<typeof proposalBench>;
beforeEach(() => {
  bench = proposalBench();
});
afterEach(() => bench.close());

/** The strict one first: a namespace whose labels were not read must never pass for one of the second. */
const byLabel: Envelope['environments'] = [
  { name: 'production', namespaces: ['*'], namespaceLabels: { env: 'production' } },
  { name: 'staging', namespaces: ['*'], namespaceLabels: { env: 'staging' } },
];
const environments = (given = byLabel) => bench.swapEnvelope('2', { environments: given });

it('offers on a target whose namespace carries the label of an environment, and keeps it as a fact', async () => {
  environments();
  bench.cluster.setLabels({ env: 'production', team: 'a matter of nobody' });
  const proposal = await bench.desk.propose(bench.wish());
  expect(proposal).toMatchObject({
    verdict: { kind: 'offer' },
    seen: { namespaceLabels: { env: 'production' } },
  });
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress.state).toBe('watching');
  expect(bench.cluster.writes).toHaveLength(1);
});

it.each([{}, { env: 'Production' }, { env: '' }, { ENV: 'production' }])(
  'denies what is in no environment because its namespace is labelled %j',
  async (labels) => {
    environments();
    bench.cluster.setLabels(labels);
    const { verdict } = await bench.desk.propose(bench.wish());
    expect(verdict.kind).toBe('deny');
    expect(verdict.rules.map(({ rule }) => rule)).toContain('in-environment');
  },
);

it('proposes nothing while the labels may not be read, and says what lets them be read', async () => {
  environments([...byLabel.slice(0, 1), { name: 'lax', namespaces: ['*'] }]);
  bench.cluster.setLabels(null);
  await expect(bench.desk.propose(bench.wish())).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringMatching(/labels of namespace shop.*403.*countersign rbac/s),
  });
  expect(bench.kinds()).not.toContain('proposal');
});

it('reads no namespace for an envelope that asks for none of its labels', async () => {
  bench.cluster.setLabels(null);
  const proposal = await bench.desk.propose(bench.wish());
  expect(proposal.verdict.kind).toBe('offer');
  expect(proposal.seen).not.toHaveProperty('namespaceLabels');
});

it('voids an open offer when the label changes, and shows the difference', async () => {
  environments();
  const proposal = await bench.desk.propose(bench.wish());
  bench.cluster.setLabels({ env: 'staging' });
  await bench.time.advance(6_000);
  expect(bench.desk.find(proposal.id).progress).toMatchObject({
    state: 'voided',
    because: 'Changed since proposed: the namespace has other labels: env is staging, was production',
  });
});

it.each([
  ['changes', { env: 'staging' }, /env is staging, was production/],
  ['goes', {}, /env is gone, was production/],
  ['can no longer be read', null, /cannot be read/],
])('is void at the execution when the label %s, and sends nothing', async (_case, labels, because) => {
  environments();
  const proposal = await bench.desk.propose(bench.wish());
  bench.cluster.setLabels(labels);
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress).toMatchObject({ state: 'voided', because: expect.stringMatching(because) });
  expect(bench.cluster.writes).toEqual([]);
});

it('calls another envelope that asks for other labels by its name, and no drift', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  environments();
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress).toMatchObject({ state: 'voided', because: expect.stringContaining('envelope changed') });
});

it('lets an approver of one environment approve what is there by its label alone', async () => {
  const approvers: Envelope['approvers'] = [
    {
      name: 'Mina',
      may: [{ actions: ['*'], environments: ['production'], tiers: ['ack', 'confirm', 'two-person'] }],
    },
  ];
  bench.swapEnvelope('2', { environments: byLabel, approvers });
  const proposal = await bench.desk.propose(bench.wish());
  expect((await bench.desk.approve(proposal.id, bench.answerTo(proposal))).progress.state).toBe('watching');
});
