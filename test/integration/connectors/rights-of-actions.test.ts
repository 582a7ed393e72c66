import { afterEach, describe, expect, it } from 'vitest';
import type { Permission, Plan } from '../../../electron/actions/action.ts';
import { actions } from '../../../electron/actions/all.ts';
import { Failure } from '../../../electron/platform/failure.ts';
import {
  type ActionCase,
  actionCases,
  drainCase,
  inputIn,
  keepingData,
} from '../../fixtures/action-cases.ts';
import { servedCluster } from '../../fixtures/served-cluster.ts';
import { startMs } from '../../unit/sandbox/kubernetes-server.ts';

const calm = () => new AbortController().signal;
const lost = { intent: 'prop-7', atMs: startMs };
const options = { ...lost, dryRun: false };

let served: Awaited<ReturnType<typeof servedCluster>> | undefined;
afterEach(() => served?.close());

const actionNamed = (name: string) => {
  const action = actions.find((each) => each.name === name);
  if (!action) throw new Error(`there is an action ${name}`);
  return action;
};

/** Everything that is ever done with a proposal of it; the first word of what was refused, or null. */
async function refusedIn(aCase: ActionCase, rights?: readonly Permission[]): Promise<string | null> {
  served = await servedCluster(rights ? { rights } : {});
  try {
    return await wholeLife(aCase, served);
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  } finally {
    await served.close();
  }
}

async function wholeLife(
  aCase: ActionCase,
  { cluster, systems }: Awaited<ReturnType<typeof servedCluster>>,
): Promise<string | null> {
  aCase.prepare?.(cluster.store);
  cluster.run(20);
  const action = actionNamed(aCase.action);
  const input = inputIn(cluster.store, aCase);
  const reach = action.reach(systems);
  if (!reach) throw new Error('it is for a cluster');
  const { seen } = await reach.plan(input, calm());
  const tried = await reach.dryRun(input, seen, lost, calm());
  if (tried.kind === 'refused') return tried.because;
  const triedBack = await reach.dryRunBackOut(input, seen, lost, calm());
  if (triedBack.kind === 'refused') return triedBack.because;
  await reach.preflight(input, seen, calm());
  const done = await reach.execute(input, seen, options, calm());
  if (done.kind !== 'applied') return done.because;
  await reach.trace(input, seen, lost, calm());
  const way = action.backOut(input, seen);
  if (!way) return null;
  const back = actionNamed(way.action).reach(systems);
  const again = await back?.plan(way.input, calm());
  const undone = await back?.execute(way.input, again?.seen ?? {}, { ...options, intent: 'prop-8' }, calm());
  return undone?.kind === 'applied' ? null : (undone?.because ?? 'there is no way back');
}

/** What the input takes, told by the action from a plan that was made with every right. */
async function needsOf(aCase: ActionCase): Promise<readonly Permission[]> {
  served = await servedCluster();
  aCase.prepare?.(served.cluster.store);
  served.cluster.run(20);
  const action = actionNamed(aCase.action);
  const input = inputIn(served.cluster.store, aCase);
  const seen: Plan['seen'] = (await action.reach(served.systems)?.plan(input, calm()))?.seen ?? {};
  await served.close();
  return action.needs(input, seen);
}

/** What is kept takes rights of its own: to look for backups. */
const onKept = [
  'restart-workload',
  'roll-back-deployment',
  'pause-rollout',
  'resume-rollout',
  'scale-workload',
];
const cases = [
  ...actionCases,
  drainCase,
  ...[...actionCases, drainCase]
    .filter(({ action }) =>
      [...onKept, 'evict-pod', 'revert-config', 'cordon-node', 'drain-node', 'uncordon-node'].includes(
        action,
      ),
    )
    .map(keepingData),
];

const inWords = ({ verb, resource, group, scope }: Permission) =>
  `${verb} ${resource}.${group}${scope === 'cluster' ? ' everywhere' : ''}`;

describe.each(cases.map((aCase) => [aCase.what, aCase] as const))(
  'the rights of an action that %s',
  (_what, aCase) => {
    it('are enough for all that is done with it, and not one of them is too many', async () => {
      const needs = await needsOf(aCase);
      expect(actionNamed(aCase.action).permissions).toEqual(expect.arrayContaining([...needs]));
      expect(await refusedIn(aCase, needs)).toBeNull();
      for (const right of needs) {
        const others = needs.filter((each) => each !== right);
        expect([inWords(right), await refusedIn(aCase, others)]).toEqual([
          inWords(right),
          expect.stringContaining('403'),
        ]);
      }
    });
  },
);

it('together are exactly those that a role for the action gives', async () => {
  for (const action of actions.filter(({ on }) => on === 'cluster')) {
    const needed = new Set<string>();
    for (const aCase of cases.filter((each) => each.action === action.name))
      for (const right of await needsOf(aCase)) needed.add(inWords(right));
    expect([action.name, [...needed].sort()]).toEqual([
      action.name,
      [...new Set(action.permissions.map(inWords))].sort(),
    ]);
  }
});

it('are asked about as the server knows them, before anything is approved', async () => {
  const rights: Permission[] = [
    { verb: 'get', group: 'apps', resource: 'deployments', scope: 'namespace' },
    { verb: 'list', group: 'autoscaling', resource: 'horizontalpodautoscalers', scope: 'namespace' },
  ];
  served = await servedCluster({ rights });
  const scale = actionNamed('scale-workload');
  const input = { cluster: 'k', kind: 'Deployment', namespace: 'shop', name: 'web', replicas: 6 };
  const { seen } = (await scale.reach(served.systems)?.plan(input, calm())) ?? { seen: {} };
  const { reader } = served.ports;
  const lacking = [];
  for (const right of scale.needs(input, seen)) {
    const where =
      right.scope === 'cluster' ? { namespace: '', name: '' } : { namespace: 'shop', name: 'web' };
    if (!(await reader.may(right, where, calm()))) lacking.push(inWords(right));
  }
  expect(lacking).toEqual([
    'get horizontalpodautoscalers.autoscaling',
    'patch horizontalpodautoscalers.autoscaling',
  ]);
  expect(served.writes()).toEqual([]);
});
