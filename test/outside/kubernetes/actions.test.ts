import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Action, Reach } from '../../../electron/actions/action.ts';
import { actions } from '../../../electron/actions/all.ts';
import { kubernetes } from '../../../electron/connectors/kubernetes/kubernetes.ts';
import { type Systems, systemsOf } from '../../../electron/connectors/source.ts';
import { READER, WRITER } from '../../../electron/host/least-privilege/roles.ts';
import { rolesYaml } from '../../../electron/host/least-privilege/roles-yaml.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { type Cluster, startCluster } from '../../fixtures/real-cluster.ts';
import { type RealCase, realCases } from './cases.ts';
import { openShop } from './shop.ts';

const calm = () => AbortSignal.timeout(10_000);
const ACCOUNTS = 'operations';

let cluster: Cluster;
let systems: Systems;

beforeAll(async () => {
  cluster = await startCluster();
  await openShop(cluster);
  await cluster.apply(
    rolesYaml({
      envelope: { version: '1', environments: [], digest: 'of the test' },
      actions: actions.filter(({ on }) => on === 'cluster'),
      namespaces: ['shop'],
      accountNamespace: ACCOUNTS,
    }),
  );
  systems = systemsOf(
    kubernetes({
      id: 'k',
      name: 'k',
      access: { server: cluster.url, caData: cluster.caData, token: await cluster.tokenOf(ACCOUNTS, READER) },
      writer: { serviceAccount: WRITER, namespace: ACCOUNTS },
      namespaces: ['shop'],
    }),
  );
}, 120_000);
afterAll(() => cluster?.close());

function actionNamed(name: string): Action {
  const action = actions.find((each) => each.name === name);
  if (!action) throw new Error(`there is an action ${name}`);
  return action;
}

function reachOf(name: string): Reach {
  const reach = actionNamed(name).reach(systems);
  if (!reach) throw new Error(`${name} is for a cluster`);
  return reach;
}

const stateOf = async ({ path, state }: RealCase) => state(await cluster.demand('GET', path));

describe('with the accounts and roles that are written for the actions, and no other right', () => {
  it.for(realCases.map((aCase) => [aCase.what, aCase] as const))(
    '%s: is tried, done once, found again, and taken back',
    async ([, aCase], { skip }) => {
      for (const [version, kind] of aCase.takes ?? [])
        if (!(await cluster.hasKind(version, kind))) skip(`this server has no ${version} ${kind}`);
      await aCase.prepare?.(cluster);
      const input = (await aCase.input(cluster)) as Record<string, unknown>;
      const reach = reachOf(aCase.action);
      const lost = { intent: 'prop-7', atMs: Date.now() };
      const before = await eventually('a plan', () => reach.plan(input, calm()).catch(() => null));
      expect(await stateOf(aCase)).toEqual(aCase.before);

      expect(await reach.dryRun(input, before.seen, lost, calm())).toMatchObject({ kind: 'passed' });
      expect(await reach.dryRunBackOut(input, before.seen, lost, calm())).toMatchObject({
        kind: aCase.backCannotBeTried ? 'cannot-try' : 'passed',
      });
      expect(await stateOf(aCase)).toEqual(aCase.before);

      const { seen } = await reach.plan(input, calm());
      expect(await reach.preflight(input, seen, calm())).toEqual({ kind: 'unchanged' });
      expect(await reach.execute(input, seen, { ...lost, dryRun: false }, calm())).toMatchObject({
        kind: 'applied',
      });
      expect(await stateOf(aCase)).toEqual(aCase.after);
      expect(await reach.trace(input, seen, lost, calm())).toMatchObject({
        kind: aCase.leavesNoMark ? 'cannot-tell' : 'was',
      });

      const way = actionNamed(aCase.action).backOut(input, seen);
      if (!way) return;
      const back = reachOf(way.action);
      // Its controllers may still be writing what they saw of it.
      await eventually('the way back', async () => {
        const again = await back.plan(way.input, calm());
        const options = { intent: 'prop-8', atMs: Date.now(), dryRun: false };
        const result = await back.execute(way.input, again.seen, options, calm());
        return result.kind === 'applied';
      });
      expect(await stateOf(aCase)).toEqual(aCase.before);
    },
  );

  it('refuses the write of somebody who was quicker', async () => {
    const input = { cluster: 'k', namespace: 'shop', name: 'web-config', key: 'log.level', to: 'debug' };
    const reach = reachOf('revert-config');
    const { seen } = await reach.plan(input, calm());
    await cluster.patch('/api/v1/namespaces/shop/configmaps/web-config', { data: { 'log.level': 'warn' } });
    const options = { intent: 'prop-9', atMs: Date.now(), dryRun: false };
    expect(await reach.execute(input, seen, options, calm())).toMatchObject({ kind: 'not-applied' });
    expect(await reach.preflight(input, seen, calm())).toMatchObject({ kind: 'drifted' });
  });

  it('writes nothing in a namespace that it was not given', async () => {
    await cluster.apply(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'web-config', namespace: 'elsewhere' },
        data: { 'log.level': 'info' },
      }),
    );
    const token = await cluster.tokenOf(ACCOUNTS, WRITER);
    const path = '/api/v1/namespaces/elsewhere/configmaps/web-config?dryRun=All';
    const type = 'application/merge-patch+json';
    const { status } = await cluster.ask('PATCH', path, { data: { a: 'b' } }, { token, type });
    expect(status).toBe(403);
    const input = { cluster: 'k', namespace: 'elsewhere', name: 'web-config', key: 'log.level', to: 'debug' };
    await expect(reachOf('revert-config').plan(input, calm())).rejects.toThrow(/outside of what may be read/);
  });
});
