import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { shiftTraffic } from '../../../electron/actions/shift-traffic.ts';
import type { IngressState } from '../../../electron/connectors/source.ts';
import { inMemoryCluster } from '../../fixtures/in-memory-cluster.ts';
import { proposalBench } from '../../fixtures/proposal-bench.ts';

let bench: ReturnType<typeof proposalBench>;
beforeEach(() => {
  bench = proposalBench();
});
afterEach(() => bench.close());

const dns = 'external-dns.alpha.kubernetes.io/aws-weight';
const canary = 'nginx.ingress.kubernetes.io/canary-weight';
const target = { cluster: 'drill-cluster', namespace: 'shop', name: 'checkout' };
const shift = (weight: number) => bench.wish({ action: 'shift-traffic', input: { ...target, weight } });
const ingress = (value: string, differences: Partial<IngressState> = {}): IngressState => ({
  uid: 'i1',
  hosts: ['shop.example'],
  backends: ['checkout'],
  weights: [{ annotation: dns, value, most: 255 }],
  serviceTier: 1,
  managedBy: null,
  ownership: null,
  ...differences,
});

it('plans from the live weight, writes once, and its way back restores exactly what was', async () => {
  const { desk, cluster } = bench;
  const before = cluster.ingress();
  const proposal = await desk.propose(shift(0));
  expect(proposal).toMatchObject({
    target: { ...target, kind: 'Ingress' },
    title: 'Shift traffic of checkout: weight 100 to 0',
    command: `kubectl -n shop annotate ingress/checkout ${dns}=0 --overwrite`,
    backOutCommand: `kubectl -n shop annotate ingress/checkout ${dns}=100 --overwrite`,
    blastRadius: {
      class: 'deployment',
      sentence: '1 ingress, traffic of shop.example to checkout; tier-1 service',
    },
    verdict: { kind: 'offer', tier: 'confirm' },
  });
  await desk.approve(proposal.id, bench.answerTo(proposal));
  expect(cluster.ingress()?.weights).toMatchObject([{ value: '0' }]);
  const way = await desk.backOut(proposal.id, 'Mina');
  await desk.approve(way.id, bench.answerTo(way));
  expect(cluster.ingress()).toEqual(before);
  expect(cluster.writes).toHaveLength(2);
});

it('shifts the weight of a canary of ingress-nginx, and no further than that takes', async () => {
  bench.cluster.setIngress(ingress('10', { weights: [{ annotation: canary, value: '10', most: 100 }] }));
  expect((await bench.desk.propose(shift(0))).command).toContain(`${canary}=0`);
  await expect(bench.desk.propose(shift(101))).rejects.toMatchObject({ code: 'bad_input' });
});

it('is denied a longer step than the envelope gives', async () => {
  bench.cluster.setIngress(ingress('255'));
  const proposal = await bench.desk.propose(shift(0));
  expect(proposal.verdict).toMatchObject({
    kind: 'deny',
    rules: [{ rule: 'within-bounds', sentence: 'a step of 255 weight at once is more than 160' }],
  });
});

it.each<[string, () => void]>([
  ['somebody shifted it', () => bench.cluster.setIngress(ingress('50'))],
  ['it was made anew', () => bench.cluster.setIngress(ingress('100', { uid: 'i2' }))],
  ['it was deleted', () => bench.cluster.setIngress(null)],
  ['it publishes no weight any more', () => bench.cluster.setIngress(ingress('', { weights: [] }))],
  ['a delivery system took it over', () => bench.cluster.setIngress(ingress('100', { managedBy: 'flux' }))],
])('is void, and nothing is sent, when %s', async (_case, meddle) => {
  const proposal = await bench.desk.propose(shift(60));
  meddle();
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress.state).toBe('voided');
  expect(bench.cluster.writes).toEqual([]);
});

it('is refused by the server when somebody is quicker, and not tried again', async () => {
  const proposal = await bench.desk.propose(shift(60));
  bench.cluster.beforeWrite(() => bench.cluster.setIngress(ingress('50')));
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress.state).toBe('failed');
  expect(bench.cluster.ingress()?.weights).toMatchObject([{ value: '50' }]);
  expect(bench.cluster.writes).toHaveLength(1);
});

it.each<[string, IngressState, string]>([
  ['without a weight', ingress('', { weights: [] }), 'not_found'],
  ['with a weight that could not be put back as it stood', ingress('007'), 'conflict'],
  ['with a weight that is no number', ingress('heavy'), 'conflict'],
  [
    'that publishes its weight twice',
    ingress('', {
      weights: [
        { annotation: dns, value: '1', most: 255 },
        { annotation: canary, value: '1', most: 100 },
      ],
    }),
    'conflict',
  ],
  ['that has that weight already', ingress('60'), 'conflict'],
])('is not proposed for an Ingress %s', async (_case, state, code) => {
  bench.cluster.setIngress(state);
  await expect(bench.desk.propose(shift(60))).rejects.toMatchObject({ code });
});

it('writes only when the weight is the planned one, and then undoes exactly', async () => {
  const weight = fc.integer({ min: 0, max: 255 });
  await fc.assert(
    fc.asyncProperty(weight, weight, fc.option(weight), async (now, to, other) => {
      fc.pre(now !== to && other !== now);
      const cluster = inMemoryCluster();
      cluster.setIngress(ingress(String(now)));
      const reach = shiftTraffic.reach({ cluster });
      if (!reach) throw new Error('a cluster is what it is for');
      const input = { ...target, weight: to };
      const signal = new AbortController().signal;
      const options = { intent: 'i', atMs: 0, dryRun: false };
      const { seen } = await reach.plan(input, signal);
      if (other !== null) cluster.setIngress(ingress(String(other)));
      await reach.execute(input, seen, options, signal);
      expect(cluster.writes).toHaveLength(1);
      expect(cluster.ingress()?.weights[0]?.value).toBe(String(other ?? to));
      if (other !== null) return;
      const way = shiftTraffic.backOut(input, seen)?.input;
      const { seen: after } = await reach.plan(way, signal);
      await reach.execute(way, after, options, signal);
      expect(cluster.ingress()?.weights[0]?.value).toBe(String(now));
    }),
  );
});
