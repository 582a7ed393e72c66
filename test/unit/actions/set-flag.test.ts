import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { actions } from '../../../electron/actions/all.ts';
import { setFlag } from '../../../electron/actions/set-flag.ts';
import { inMemoryCluster } from '../../fixtures/in-memory-cluster.ts';
import { inMemoryFlags } from '../../fixtures/in-memory-flags.ts';
import { proposalBench } from '../../fixtures/proposal-bench.ts';

let bench: ReturnType<typeof proposalBench>;
beforeEach(() => {
  bench = proposalBench();
});
afterEach(() => bench.close());

const flag = {
  cluster: 'drill-flags',
  project: 'default',
  flag: 'checkout.new-cart',
  environment: 'production',
};
const set = (enabled: boolean, percent: number | null, differences: object = {}) =>
  bench.wish({ action: 'set-flag', input: { ...flag, enabled, percent, ...differences } });

it.each<[string, boolean, number | null, string, string]>([
  ['turned off', false, null, 'from on to off', '/environments/production/off"'],
  ['given to fewer', true, 10, 'from 100 % to 10 %', '"value":"10"'],
])(
  'is planned from the live flag, %s by one write, and comes back to exactly what was',
  async (_case, enabled, percent, title, command) => {
    const { desk, flags } = bench;
    const before = flags.state();
    const proposal = await desk.propose(set(enabled, percent));
    expect(proposal).toMatchObject({
      target: {
        cluster: 'drill-flags',
        kind: 'Flag',
        project: 'default',
        namespace: 'production',
        name: 'checkout.new-cart',
      },
      title: `Set flag checkout.new-cart in production ${title}`,
      command: expect.stringContaining(command),
      blastRadius: { class: 'deployment' },
      verdict: { kind: 'offer', tier: 'confirm' },
    });
    const { progress } = await desk.approve(proposal.id, bench.answerTo(proposal));
    expect(progress.state).toBe('watching');
    expect(flags.state()).toMatchObject({ enabled, percent: percent ?? 100 });
    const way = await desk.backOut(proposal.id, 'Mina');
    await desk.approve(way.id, bench.answerTo(way));
    expect(flags.state()).toEqual(before);
    expect(flags.writes).toHaveLength(2);
  },
);

it.each<[string, () => void, RegExp]>([
  ['somebody turned it off', () => bench.flags.set({ enabled: false }), /turned off/],
  ['its share is another', () => bench.flags.set({ percent: 50 }), /50 %, was 100 %/],
  ['its strategies are others', () => bench.flags.set({ strategies: [] }), /strategies were changed/],
  ['it was archived', () => bench.flags.set({ archived: true }), /archived/],
  ['it is gone', () => bench.flags.set(null), /cannot be read/],
])('is void, and nothing is sent, when %s', async (_case, meddle, because) => {
  const proposal = await bench.desk.propose(set(true, 10));
  meddle();
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress).toMatchObject({ state: 'voided', because: expect.stringMatching(because) });
  expect(bench.flags.writes).toEqual([]);
});

it('is not applied when somebody is quicker, and not tried again', async () => {
  const proposal = await bench.desk.propose(set(true, 10));
  bench.flags.beforeWrite(() => bench.flags.set({ percent: 50 }));
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress.state).toBe('failed');
  expect(bench.flags.state()).toMatchObject({ percent: 50 });
  expect(bench.flags.writes).toHaveLength(1);
});

it.each<[string, boolean, number | null, object, () => void, string]>([
  ['what is so already', true, 100, {}, () => {}, 'conflict'],
  ['to turn and to share at once', false, 10, {}, () => {}, 'bad_input'],
  ['more than everybody', true, 101, {}, () => {}, 'bad_input'],
  [
    'a share of what has several strategies',
    true,
    10,
    {},
    () => bench.flags.set({ percent: null }),
    'conflict',
  ],
  ['a share of what is off', false, 10, {}, () => bench.flags.set({ enabled: false }), 'bad_input'],
  ['what is archived', false, null, {}, () => bench.flags.set({ archived: true }), 'conflict'],
  ['a name that leads elsewhere', false, null, { flag: '../../x' }, () => {}, 'bad_input'],
  ['a flag that is not there', false, null, { flag: 'other' }, () => {}, 'not_found'],
])('refuses to propose %s', async (_case, enabled, percent, differences, arrange, code) => {
  arrange();
  await expect(bench.desk.propose(set(enabled, percent, differences))).rejects.toMatchObject({ code });
});

it('takes two people when nobody knows whose flag it is, and is denied when nobody reported it', async () => {
  bench.flags.set({ service: null });
  expect((await bench.desk.propose(set(false, null))).verdict.kind).toBe('deny');
  bench.context.timeline.add(bench.incident, [
    {
      kind: 'change',
      change: 'flag',
      key: 'flag:default/checkout.new-cart@7',
      atMs: bench.time.clock.now(),
      service: null,
      title: 'Flag checkout.new-cart in production: off → on',
      source: 'Flags',
      labels: { flag: 'checkout.new-cart', project: 'default', environment: 'production' },
    },
  ]);
  expect((await bench.desk.propose(set(false, null))).verdict).toMatchObject({
    kind: 'offer',
    tier: 'two-person',
  });
});

it('never meets a cluster, nor any other action the flags', async () => {
  const [cluster, flags] = [inMemoryCluster(), inMemoryFlags()];
  for (const action of actions) {
    expect(action.reach(action.on === 'flags' ? { cluster } : { flags })).toBeNull();
  }
  await expect(bench.desk.propose(set(false, null, { cluster: 'drill-cluster' }))).rejects.toMatchObject({
    code: 'not_found',
  });
});

it('writes only when the flag is the planned one, and then undoes exactly', async () => {
  const share = fc.integer({ min: 0, max: 100 });
  await fc.assert(
    fc.asyncProperty(share, share, fc.option(share), async (now, to, other) => {
      fc.pre(now !== to && other !== now);
      const flags = inMemoryFlags();
      flags.set({ percent: now });
      const reach = setFlag.reach({ flags });
      if (!reach) throw new Error('flags are what it is for');
      const input = { ...flag, enabled: true, percent: to };
      const signal = new AbortController().signal;
      const options = { intent: 'i', atMs: 0, dryRun: false };
      const { seen } = await reach.plan(input, signal);
      if (other !== null) flags.set({ percent: other });
      await reach.execute(input, seen, options, signal);
      expect(flags.writes).toHaveLength(1);
      expect(flags.state()?.percent).toBe(other ?? to);
      if (other !== null) return;
      const way = setFlag.backOut(input, seen)?.input;
      const { seen: after } = await reach.plan(way, signal);
      await reach.execute(way, after, options, signal);
      expect(flags.state()?.percent).toBe(now);
    }),
  );
});
