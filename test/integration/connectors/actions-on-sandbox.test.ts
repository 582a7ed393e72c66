import { afterEach, describe, expect, it } from 'vitest';
import type { Action, Reach } from '../../../electron/actions/action.ts';
import { actions } from '../../../electron/actions/all.ts';
import type { ObjectStore } from '../../../electron/sandbox/cluster/object-store.ts';
import { type ActionCase, actionCases, inputIn } from '../../fixtures/action-cases.ts';
import { servedCluster } from '../../fixtures/served-cluster.ts';
import { startMs } from '../../unit/sandbox/kubernetes-server.ts';

const calm = () => new AbortController().signal;
/** Later than whatever the cluster was built with, so that nobody else can have written since. */
const lost = { intent: 'prop-7', atMs: startMs };
const options = { ...lost, dryRun: false };

let served: Awaited<ReturnType<typeof servedCluster>>;
afterEach(() => served.close());

function actionNamed(name: string): Action {
  const action = actions.find((each) => each.name === name);
  if (!action) throw new Error(`there is an action ${name}`);
  return action;
}

function reachOf(name: string): Reach {
  const reach = actionNamed(name).reach(served.systems);
  if (!reach) throw new Error(`${name} is for a cluster`);
  return reach;
}

async function onCluster(aCase: ActionCase) {
  served = await servedCluster();
  const { store } = served.cluster;
  aCase.prepare?.(store);
  // Until nothing is left for its controllers to do.
  served.cluster.run(20);
  return { store, input: inputIn(store, aCase), reach: reachOf(aCase.action) };
}

describe.each(actionCases.map((aCase) => [aCase.what, aCase] as const))(
  'an action that %s',
  (_what, aCase) => {
    const { state, before, after } = aCase;

    it('is tried with its way back, then done once, found again, and taken back exactly', async () => {
      const { store, input, reach } = await onCluster(aCase);
      expect(state(store)).toEqual(before);
      const { seen } = await reach.plan(input, calm());
      expect(await reach.trace(input, seen, { ...lost, atMs: startMs + 60_000 }, calm())).toMatchObject({
        kind: 'was-not',
      });

      const version = store.version();
      expect(await reach.dryRun(input, seen, lost, calm())).toMatchObject({ kind: 'passed' });
      expect(await reach.dryRunBackOut(input, seen, lost, calm())).toMatchObject({
        kind: aCase.backCannotBeTried ? 'cannot-try' : 'passed',
      });
      expect(store.version()).toBe(version);
      expect(state(store)).toEqual(before);
      expect(served.writes()).toEqual([]);

      expect(await reach.preflight(input, seen, calm())).toEqual({ kind: 'unchanged' });
      expect(await reach.execute(input, seen, options, calm())).toMatchObject({ kind: 'applied' });
      expect(served.writes()).toHaveLength(1);
      expect(served.writes()[0]?.url).toContain('fieldManager=prop-7');
      expect(state(store)).toEqual(after);
      expect(await reach.trace(input, seen, lost, calm())).toMatchObject({
        kind: aCase.leavesNoMark ? 'cannot-tell' : 'was',
        evidence: expect.stringContaining(aCase.leavesNoMark ?? 'prop-7'),
      });

      const way = actionNamed(aCase.action).backOut(input, seen);
      if (!way) return;
      const back = reachOf(way.action);
      const again = await back.plan(way.input, calm());
      expect(
        await back.execute(way.input, again.seen, { ...options, intent: 'prop-8' }, calm()),
      ).toMatchObject({ kind: 'applied' });
      expect(state(store)).toEqual(before);
      expect(served.writes()).toHaveLength(2);
    });

    it('is void when it was done by somebody else, and refused in the last breath', async () => {
      const { store, input, reach } = await onCluster(aCase);
      const { seen } = await reach.plan(input, calm());
      // A rival with the same idea is quicker by as little as can be.
      let rivals = 0;
      served.beforeWrite(() => {
        rivals += 1;
        if (rivals > 1) return;
        meddle(store, aCase, input);
      });
      const result = await reach.execute(input, seen, options, calm());
      expect(result).toMatchObject({ kind: 'not-applied' });
      expect(served.writes()).toHaveLength(1);
      expect(await reach.preflight(input, seen, calm())).toMatchObject({ kind: 'drifted' });
    });
  },
);

/** The object of the case is deleted and made again under its name: the least a server has to notice. */
function meddle(
  store: ObjectStore,
  { action, input: given }: ActionCase,
  input: Record<string, unknown>,
): void {
  const name = String(input['name']);
  const kind = kindOf(action, given);
  const namespace = kind === 'Node' ? undefined : 'shop';
  const held = store.get(kind, namespace, name);
  if (!held) throw new Error(`${kind} ${name} is there`);
  const scaler =
    action === 'scale-workload' ? store.get('HorizontalPodAutoscaler', 'shop', 'web') : undefined;
  for (const each of scaler ? [scaler] : [held]) {
    const { uid: _uid, resourceVersion: _version, ...metadata } = each.metadata;
    store.remove(each.kind, namespace, each.metadata.name);
    store.put({ ...each, metadata } as typeof each, startMs);
  }
}

function kindOf(action: string, input: Record<string, unknown>) {
  if (action.endsWith('-node')) return 'Node';
  if (action === 'revert-config') return 'ConfigMap';
  switch (input['kind'] ?? 'Ingress') {
    case 'Deployment':
      return 'Deployment';
    case 'StatefulSet':
      return 'StatefulSet';
    case 'Pod':
      return 'Pod';
    case 'CronJob':
      return 'CronJob';
    case 'Service':
      return 'Service';
    case 'HTTPRoute':
      return 'HTTPRoute';
    default:
      return 'Ingress';
  }
}
