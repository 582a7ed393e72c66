import { expect, it } from 'vitest';
import type { ClusterApi } from '../../../../electron/connectors/kubernetes/cluster-api.ts';
import { describeObject } from '../../../../electron/connectors/kubernetes/describe-object.ts';

const calm = () => new AbortController().signal;
const ref = { namespace: 'shop', name: 'checkout' };

const object = (more: object = {}) => ({
  metadata: {
    name: 'checkout',
    namespace: 'shop',
    uid: 'u1',
    creationTimestamp: '2026-03-01T10:00:00Z',
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: {
      'meta.helm.sh/release-name': 'checkout',
      'kubectl.kubernetes.io/last-applied-configuration': '{"env":[{"name":"PASSWORD","value":"hunter2"}]}',
    },
    managedFields: [{ manager: 'kubectl', operation: 'Apply' }],
  },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: 'web',
            image: 'shop/web:1.2',
            env: [
              { name: 'MODE', value: 'hunter2' },
              { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
            ],
            args: ['--password', 'hunter2', '--token=hunter2'],
          },
        ],
      },
    },
  },
  status: { conditions: [{ type: 'Available', status: 'False', message: 'too few pods' }] },
  ...more,
});

/** An API that serves one object wherever it is asked for, and says where that was. */
function serving(served: unknown) {
  const paths: string[] = [];
  const get: ClusterApi['get'] = async (schema, path) => {
    paths.push(path);
    return schema.parse(served);
  };
  const refuses = new Proxy({} as ClusterApi, {
    get: (_target, name) => {
      if (name === 'get') return get;
      throw new Error(`${String(name)} was not to be asked for`);
    },
  });
  return { api: refuses, paths };
}

it('tells status first, by the names of containers and conditions, and who owns it', async () => {
  const { api, paths } = serving(object());
  const { fields, managedBy } = await describeObject(api, 'Deployment', ref, calm());
  expect(paths).toEqual(['/apis/apps/v1/namespaces/shop/deployments/checkout']);
  expect(fields[0]?.path).toBe('status.conditions.Available.type');
  expect(fields).toContainEqual({ path: 'status.conditions.Available.message', value: 'too few pods' });
  expect(fields).toContainEqual({ path: 'spec.template.spec.containers.web.image', value: 'shop/web:1.2' });
  expect(managedBy).toMatch(/Helm/);
});

it('tells no secret, wherever in the object it stands', async () => {
  const { api } = serving(object({ data: { 'db.password': 'hunter2', url: 'pg://u:hunter2@db' } }));
  const described = await describeObject(api, 'ConfigMap', ref, calm());
  expect(JSON.stringify(described)).not.toContain('hunter2');
  expect(described.fields.map(({ path }) => path)).toContain(
    'spec.template.spec.containers.web.env.PASSWORD.valueFrom.secretKeyRef.key',
  );
});

it('bounds an object of any size and says how much is left out', async () => {
  const data = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`k${at}`, 'x'.repeat(5_000)]));
  const { fields, omitted } = await describeObject(serving(object({ data })).api, 'ConfigMap', ref, calm());
  expect(fields).toHaveLength(160);
  expect(omitted).toBeGreaterThan(4_800);
  expect(JSON.stringify(fields).length).toBeLessThan(80_000);
});

it.each([
  ['Node', '/api/v1/nodes/checkout'],
  ['HTTPRoute', '/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/checkout'],
  ['DaemonSet', '/apis/apps/v1/namespaces/shop/daemonsets/checkout'],
] as const)('asks for a %s where it is served', async (kind, path) => {
  const { api, paths } = serving(object());
  await describeObject(api, kind, ref, calm());
  expect(paths).toEqual([path]);
});
