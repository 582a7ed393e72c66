import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { revertConfig } from '../../../electron/actions/revert-config.ts';
import type { ConfigState } from '../../../electron/connectors/source.ts';
import { inMemoryCluster } from '../../fixtures/in-memory-cluster.ts';
import { proposalBench } from '../../fixtures/proposal-bench.ts';

let bench: ReturnType<typeof proposalBench>;
beforeEach(() => {
  bench = proposalBench();
});
afterEach(() => bench.close());

const target = { cluster: 'drill-cluster', namespace: 'shop', name: 'checkout-config' };
const revert = (to: string | null, key = 'pool.size') =>
  bench.wish({ action: 'revert-config', input: { ...target, key, to } });
const withoutData = { keepsData: false, backupRunning: null };
const config = (differences: Partial<ConfigState> = {}): ConfigState => ({
  uid: 'c1',
  data: { 'pool.size': '4', mode: 'fast' },
  immutable: false,
  managedBy: null,
  ownership: null,
  ...differences,
});

it('plans from the live value and its live readers, writes once, and its way back restores exactly what was', async () => {
  const { desk, cluster } = bench;
  const before = cluster.config();
  const proposal = await desk.propose(revert('40'));
  expect(proposal).toMatchObject({
    target: { ...target, kind: 'ConfigMap' },
    title: 'Set pool.size of checkout-config from "4" to "40"',
    command: `kubectl -n shop patch configmap/checkout-config --type=json -p '[{"op":"test","path":"/data/pool.size","value":"4"},{"op":"add","path":"/data/pool.size","value":"40"}]'`,
    verdict: { kind: 'offer', tier: 'confirm' },
  });
  expect(proposal.blastRadius.sentence).toBe(
    '1 workload with 6 pods read it: checkout (as variables); tier-1 service',
  );
  await desk.approve(proposal.id, bench.answerTo(proposal));
  expect(cluster.config()?.data['pool.size']).toBe('40');
  const way = await desk.backOut(proposal.id, 'Mina');
  await desk.approve(way.id, bench.answerTo(way));
  expect(cluster.config()).toEqual(before);
  expect(cluster.writes.map(({ verb }) => verb)).toEqual(['setConfigKey', 'setConfigKey']);
});

it.each<[string, string | null, string | null]>([
  ['a key that was not there', null, '7'],
  ['a key that is to go', '7', null],
  ['a value with quotes and line breaks', 'it\'s\n"so"', 'plain'],
])('comes back to exactly what was: %s', async (_case, now, to) => {
  const { desk, cluster } = bench;
  const data: Record<string, string> = now === null ? { mode: 'fast' } : { mode: 'fast', 'pool.size': now };
  cluster.setConfig(config({ data }));
  const proposal = await desk.propose(revert(to));
  await desk.approve(proposal.id, bench.answerTo(proposal));
  const way = await desk.backOut(proposal.id, 'Mina');
  await desk.approve(way.id, bench.answerTo(way));
  expect(cluster.config()?.data).toEqual(data);
});

it.each<[string, () => void, RegExp]>([
  [
    'somebody set the key',
    () => bench.cluster.setConfig(config({ data: { 'pool.size': '5' } })),
    /"5", was "4"/,
  ],
  ['somebody removed the key', () => bench.cluster.setConfig(config({ data: {} })), /not set, was "4"/],
  ['it was made anew', () => bench.cluster.setConfig(config({ uid: 'c2' })), /made again/],
  ['it was deleted', () => bench.cluster.setConfig(null), /cannot be read/],
  ['it was made immutable', () => bench.cluster.setConfig(config({ immutable: true })), /immutable/],
  [
    'another workload has come to read it, which takes more than was approved',
    () =>
      bench.cluster.setReaders([
        { kind: 'Deployment', name: 'checkout', pods: 6, serviceTier: 1, as: 'variables', ...withoutData },
        { kind: 'Deployment', name: 'cart', pods: 3, serviceTier: 2, as: 'files', ...withoutData },
      ]),
    /tier two-person/,
  ],
])('is void, and nothing is sent, when %s', async (_case, meddle, because) => {
  const proposal = await bench.desk.propose(revert('40'));
  meddle();
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress).toMatchObject({ state: 'voided', because: expect.stringMatching(because) });
  expect(bench.cluster.writes).toEqual([]);
});

it('is refused by the server when somebody is quicker, and not tried again', async () => {
  const proposal = await bench.desk.propose(revert('40'));
  const quicker = config({ data: { 'pool.size': '5' } });
  bench.cluster.beforeWrite(() => bench.cluster.setConfig(quicker));
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress.state).toBe('failed');
  expect(bench.cluster.config()).toEqual(quicker);
  expect(bench.cluster.writes).toHaveLength(1);
});

it('does not tell the secret that somebody put there', async () => {
  const proposal = await bench.desk.propose(revert('40'));
  bench.cluster.setConfig(config({ data: { 'pool.size': 'redis://app:hunter2@cache' } }));
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress).toMatchObject({ state: 'voided', because: expect.stringContaining('(hidden)') });
  expect(JSON.stringify(bench.published)).not.toContain('hunter2');
});

describe('is not proposed', () => {
  it.each<[string, object, () => void, string]>([
    ['when it is so already', { to: '4' }, () => {}, 'conflict'],
    ['for a key that looks like a secret', { key: 'db.password', to: 'x' }, () => {}, 'refused'],
    ['for an address with credentials', { to: 'postgres://app:pw@db/shop' }, () => {}, 'refused'],
    ['for a file with a password in it', { to: 'db:\n  password: hunter2\n' }, () => {}, 'refused'],
    ['for a value of which a part is hidden', { to: 'pool: 4\nx: (hidden)\n' }, () => {}, 'refused'],
    [
      'for an immutable one',
      { to: '5' },
      () => bench.cluster.setConfig(config({ immutable: true })),
      'conflict',
    ],
    ['for one that is not there', { name: 'other', to: '5' }, () => {}, 'not_found'],
    ['with a key that is none', { key: 'a/b', to: '5' }, () => {}, 'bad_input'],
    ['with a value too long to be read', { to: 'x'.repeat(4_001) }, () => {}, 'bad_input'],
  ])('%s', async (_case, differences, arrange, code) => {
    arrange();
    const input = { ...target, key: 'pool.size', to: '40', ...differences };
    await expect(bench.desk.propose(bench.wish({ action: 'revert-config', input }))).rejects.toMatchObject({
      code,
    });
  });
});

it('is denied when no connection reported the ConfigMap or who reads it', async () => {
  bench.cluster.setReaders([
    { kind: 'Deployment', name: 'ads', pods: 1, serviceTier: 3, as: 'files', ...withoutData },
  ]);
  const proposal = await bench.desk.propose(revert('40'));
  expect(proposal.verdict).toMatchObject({ kind: 'deny', rules: [{ rule: 'policy:target-not-observed' }] });
});

it('is escalated where a delivery system would revert it', async () => {
  const ownership = {
    by: 'argo-cd',
    name: 'checkout',
    repository: null,
    revision: null,
    sentence: 'Argo CD will revert a live edit',
    revert: 'Revert the change in its repository and let Argo CD sync checkout',
  } as const;
  bench.cluster.setConfig(config({ managedBy: 'argo-cd', ownership }));
  const proposal = await bench.desk.propose(revert('40'));
  expect(proposal.progress.state).toBe('escalated');
  expect(proposal.blastRadius.sentence).toContain('Argo CD will revert a live edit');
  expect(bench.told.recommended).toBe(
    'Revert the change in its repository and let Argo CD sync checkout. Argo CD will revert a live edit',
  );
});

it('writes only when the value is the planned one, and then undoes exactly', async () => {
  const value = fc.option(
    fc.string({ maxLength: 20 }).filter((text) => !text.includes('://')),
    { nil: null },
  );
  await fc.assert(
    fc.asyncProperty(value, value, value, async (now, to, then) => {
      fc.pre(now !== to);
      const data = (held: string | null): Record<string, string> => (held === null ? {} : { mode: held });
      const cluster = inMemoryCluster();
      cluster.setConfig(config({ data: data(now) }));
      const reach = revertConfig.reach({ cluster });
      if (!reach) throw new Error('a cluster is what it is for');
      const input = { ...target, key: 'mode', to };
      const signal = new AbortController().signal;
      const options = { intent: 'i', atMs: 0, dryRun: false };
      const { seen } = await reach.plan(input, signal);
      cluster.setConfig(config({ data: data(then) }));
      const { kind } = await reach.preflight(input, seen, signal);
      expect(kind).toBe(then === now ? 'unchanged' : 'drifted');
      const result = await reach.execute(input, seen, options, signal);
      expect(cluster.writes).toHaveLength(1);
      expect(result.kind).toBe(then === now ? 'applied' : 'not-applied');
      expect(cluster.config()?.data).toEqual(data(then === now ? to : then));
      if (then !== now) return;
      const way = revertConfig.backOut(input, seen)?.input;
      const { seen: after } = await reach.plan(way, signal);
      await reach.execute(way, after, options, signal);
      expect(cluster.config()?.data).toEqual(data(now));
    }),
  );
});
