import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reach } from '../../../electron/actions/action.ts';
import { drainNode } from '../../../electron/actions/drain-node.ts';
import { evictPod } from '../../../electron/actions/evict-pod.ts';
import { isReady } from '../../../electron/sandbox/cluster/pods.ts';
import { servedCluster } from '../../fixtures/served-cluster.ts';

const calm = () => new AbortController().signal;
const options = { intent: 'prop-7', atMs: 0, dryRun: false };

let served: Awaited<ReturnType<typeof servedCluster>>;
let reach: Reach;
let input: { cluster: string; name: string };
let ticking: NodeJS.Timeout | undefined;

/** Pods of the one service, ready ones or those on a node. */
const webPods = () =>
  served.cluster.store.list('Pod', 'shop').filter(({ metadata }) => metadata.labels?.['app'] === 'web');
const webPodsOn = (node: string) =>
  webPods().filter(
    ({ spec, metadata }) => spec.nodeName === node && metadata.deletionTimestamp === undefined,
  );
const evictions = () => served.writes().filter(({ url }) => url.includes('/eviction'));
const evicted = () => evictions().map(({ url }) => /pods\/([^/]+)\/eviction/.exec(url)?.[1]);
const nodeIsCordoned = () =>
  served.cluster.store.get('Node', undefined, input.name)?.spec.unschedulable ?? false;

beforeEach(async () => {
  served = await servedCluster();
  const { store } = served.cluster;
  // Only the service and what stands on every node: the database has tests of its own.
  store.remove('StatefulSet', 'shop', 'shop-db');
  store.remove('CronJob', 'shop', 'shop-db-backup');
  for (const { metadata } of store.list('Job', 'shop')) store.remove('Job', 'shop', metadata.name);
  for (const pod of store.list('Pod', 'shop'))
    if (pod.metadata.name.startsWith('shop-db')) store.remove('Pod', 'shop', pod.metadata.name);
  served.cluster.run(20);
  const counts = Map.groupBy(webPods(), ({ spec }) => spec.nodeName);
  const [fullest = ''] = [...counts].sort(([, one], [, other]) => other.length - one.length)[0] ?? [];
  input = { cluster: 'k', name: fullest };
  expect(webPodsOn(input.name).length).toBeGreaterThan(1);
  const found = drainNode.reach(served.systems);
  if (!found) throw new Error('nodes are in clusters');
  reach = found;
});
afterEach(() => {
  clearInterval(ticking);
  return served.close();
});

/** The cluster lives: pods end, others start. */
const letItLive = () => {
  ticking = setInterval(() => served.cluster.run(5), 20);
};

describe('a drain', () => {
  it('moves every pod once, as fast as the disruption budget allows, and tells each step', async () => {
    const pods = webPodsOn(input.name).map(({ metadata }) => metadata.name);
    const plan = await reach.plan(input, calm());
    expect(plan).toMatchObject({
      reversible: true,
      command: `kubectl drain ${input.name} --ignore-daemonsets`,
      backOutCommand: `kubectl uncordon ${input.name}`,
      touches: { pods: pods.length, workloads: ['web'], services: [{ name: 'web', tier: 1 }] },
      concerns: ['web'],
      serviceTier: 1,
    });
    expect(plan.blastRadius).toMatchObject({
      class: 'namespace',
      sentence: expect.stringContaining(`${pods.length} pods of 1 workload in 1 namespace (web)`),
    });
    let fewestReady = Number.POSITIVE_INFINITY;
    served.beforeWrite(() => {
      fewestReady = Math.min(fewestReady, webPods().filter(isReady).length);
    });
    letItLive();
    const told: string[] = [];
    const tell = (sentence: string) => void told.push(sentence);
    const result = await reach.execute(input, plan.seen, { ...options, tell }, calm());
    expect(result).toEqual({
      kind: 'applied',
      sentence: expect.stringContaining(`${input.name} is cordoned and drained`),
    });
    for (const pod of pods) expect(JSON.stringify(result)).toContain(pod);
    expect(evicted().sort()).toEqual([...pods].sort());
    expect(fewestReady).toBeGreaterThanOrEqual(4);
    expect(webPodsOn(input.name)).toEqual([]);
    expect(nodeIsCordoned()).toBe(true);
    expect(told).toHaveLength(pods.length + 1);
    expect(served.writes().every(({ url }) => url.includes('fieldManager=prop-7'))).toBe(true);
    expect(await reach.trace(input, plan.seen, options, calm())).toMatchObject({
      kind: 'was',
      evidence: expect.stringContaining('gone or on their way out'),
    });
  });

  it('halts between two pods, says which were moved, and its way back uncordons the node', async () => {
    const plan = await reach.plan(input, calm());
    const stop = new AbortController();
    const told: string[] = [];
    const tell = (sentence: string) => {
      told.push(sentence);
      // The cluster stands still, so the budget would keep the second pod waiting for minutes.
      if (sentence.startsWith('1 of')) setTimeout(() => stop.abort(), 50);
    };
    const result = await reach.execute(input, plan.seen, { ...options, tell, halt: stop.signal }, calm());
    const [first] = evicted();
    expect(evicted()).toHaveLength(1);
    expect(result).toEqual({
      kind: 'applied',
      partly: true,
      sentence: expect.stringMatching(
        new RegExp(`evicted shop/${first}; left where they are: .*it was stopped`),
      ),
    });
    expect(nodeIsCordoned()).toBe(true);

    const way = drainNode.backOut(input, plan.seen);
    expect(way).toEqual({ action: 'uncordon-node', input });
    const uncordoned = await served.ports.control.setUnschedulable(
      input.name,
      { to: false, expected: { uid: String(plan.seen['uid']), is: true } },
      { intent: 'prop-8', dryRun: false },
      calm(),
    );
    expect(uncordoned.kind).toBe('applied');
    expect(nodeIsCordoned()).toBe(false);
  });

  it('sends nothing at all after a stop that came first', async () => {
    const plan = await reach.plan(input, calm());
    const halt = AbortSignal.abort();
    expect(await reach.execute(input, plan.seen, { ...options, halt }, calm())).toMatchObject({
      kind: 'not-applied',
    });
    expect(served.writes()).toEqual([]);
  });

  it('is tried pod by pod, and its way back too, and nothing changes', async () => {
    const plan = await reach.plan(input, calm());
    const version = served.cluster.store.version();
    expect(await reach.dryRun(input, plan.seen, options, calm())).toMatchObject({ kind: 'passed' });
    expect(await reach.dryRunBackOut(input, plan.seen, options, calm())).toMatchObject({ kind: 'passed' });
    expect(served.cluster.store.version()).toBe(version);
    expect(served.writes()).toEqual([]);
  });

  it('has drifted when a pod has come that was not counted', async () => {
    const { seen } = await reach.plan(input, calm());
    const [pod] = webPodsOn(input.name);
    if (!pod) throw new Error('there is one');
    const { uid: _uid, ...metadata } = pod.metadata;
    served.cluster.store.put<'Pod'>(
      { ...pod, metadata: { ...metadata, name: 'web-late' } },
      served.cluster.now(),
    );
    expect(await reach.preflight(input, seen, calm())).toEqual({
      kind: 'drifted',
      because: 'pods have come to it: web-late',
    });
  });

  it.each<[string, () => void, RegExp]>([
    [
      'a pod that nothing would replace',
      () => {
        const [pod] = webPodsOn(input.name);
        if (!pod) throw new Error('there is one');
        const { uid: _uid, ownerReferences: _owners, ...metadata } = pod.metadata;
        served.cluster.store.put<'Pod'>(
          { ...pod, metadata: { ...metadata, name: 'alone' } },
          served.cluster.now(),
        );
      },
      /Nothing would put others in the place .* shop\/alone/,
    ],
    [
      'a pod of two disruption budgets',
      () => {
        const budget = served.cluster.store.get('PodDisruptionBudget', 'shop', 'web');
        if (!budget) throw new Error('web has one');
        const { uid: _uid, ...metadata } = budget.metadata;
        served.cluster.store.put<'PodDisruptionBudget'>(
          { ...budget, metadata: { ...metadata, name: 'second' } },
          served.cluster.now(),
        );
      },
      /more than one disruption budget/,
    ],
    [
      'a pod of a workload that cannot be read',
      () => served.cluster.store.remove('Deployment', 'shop', 'web'),
      /cannot be read, so nobody can say what moving it does/,
    ],
  ])('is not proposed where there is %s', async (_case, prepare, words) => {
    prepare();
    await expect(reach.plan(input, calm())).rejects.toMatchObject({
      message: expect.stringMatching(words),
    });
  });
});

describe('an eviction', () => {
  it('that the disruption budget does not allow is not applied, and not sent again', async () => {
    const { store } = served.cluster;
    const budget = store.get('PodDisruptionBudget', 'shop', 'web');
    if (!budget) throw new Error('web has one');
    store.put<'PodDisruptionBudget'>(
      { ...budget, spec: { ...budget.spec, maxUnavailable: 0 } },
      served.cluster.now(),
    );
    served.cluster.run(10);
    const pod = {
      cluster: 'k',
      kind: 'Pod',
      namespace: 'shop',
      name: webPods()[0]?.metadata.name ?? '',
    };
    const evict = evictPod.reach(served.systems);
    const plan = await evict?.plan(pod, calm());
    expect(plan?.preconditions.join()).toContain('allows 0 disruptions now');
    const seen = plan?.seen ?? {};
    expect(await evict?.dryRun(pod, seen, options, calm())).toMatchObject({
      kind: 'refused',
      because: expect.stringContaining('disruption budget'),
    });
    expect(await evict?.execute(pod, seen, options, calm())).toEqual({
      kind: 'not-applied',
      because: expect.stringMatching(/disruption budget does not allow it now \(429\).*needs 4 healthy pods/),
      budget: true,
    });
    expect(evictions()).toHaveLength(1);
    expect(webPods().every(({ metadata }) => metadata.deletionTimestamp === undefined)).toBe(true);
  });
});
