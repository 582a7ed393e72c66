import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { rightInWords } from '../../../../electron/connectors/kubernetes/rights.ts';
import { type Needing, neededRights } from '../../../../electron/host/least-privilege/needed-rights.ts';
import { rolesYaml } from '../../../../electron/host/least-privilege/roles-yaml.ts';
import type { Envelope } from '../../../../shared/formats/envelope.ts';

const scale: Needing = {
  name: 'scale-workload',
  on: 'cluster',
  permissions: [
    { verb: 'get', group: 'apps', resource: 'deployments', scope: 'namespace' },
    { verb: 'patch', group: 'apps', resource: 'deployments/scale', scope: 'namespace' },
  ],
};
const cordon: Needing = {
  name: 'cordon-node',
  on: 'cluster',
  permissions: [
    { verb: 'get', group: '', resource: 'nodes', scope: 'cluster' },
    { verb: 'patch', group: '', resource: 'nodes', scope: 'cluster' },
  ],
};
const flag: Needing = {
  name: 'set-flag',
  on: 'flags',
  permissions: [{ verb: 'patch', group: '', resource: 'flags', scope: 'namespace' }],
};
type Document = { kind: string; metadata: { name: string; namespace?: string }; rules?: Rule[] };
type Rule = { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] };

const byLabel = [{ name: 'production', namespaces: ['*'], namespaceLabels: { env: 'production' } }];
const yaml = (actions: Needing[], namespaces = ['shop'], environments: Envelope['environments'] = []) =>
  rolesYaml({
    envelope: { version: '3', environments, digest: 'ab'.repeat(32) },
    actions,
    namespaces,
    accountNamespace: 'countersign',
  });
/** As kubectl reads it: YAML 1.1. */
const documents = (text: string): Document[] =>
  parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    expect('errors' in document ? document.errors : []).toEqual([]);
    return 'toJS' in document && document.contents !== null ? [document.toJS()] : [];
  });
const rulesOf = (text: string, kind: string, name: string) =>
  documents(text).find((one) => one.kind === kind && one.metadata.name === name)?.rules;

/** What the connector follows in namespaces. */
const followed = [
  'configmaps',
  'controllerrevisions.apps',
  'deployments.apps',
  'events',
  'horizontalpodautoscalers.autoscaling',
  'httproutes.gateway.networking.k8s.io',
  'ingresses.networking.k8s.io',
  'jobs.batch',
  'pods',
  'replicasets.apps',
  'services',
  'statefulsets.apps',
];

describe('the rights that are needed', () => {
  it('are those of the actions and of the connector, and writes are the writer’s alone', () => {
    const { reader, writer } = neededRights([scale, flag]);
    expect(reader.inNamespaces.map(rightInWords)).toEqual([
      'get deployments.apps',
      'get pods/log',
      ...followed.map((resource) => `list ${resource}`),
      ...followed.map((resource) => `watch ${resource}`),
    ]);
    expect(writer.inNamespaces.map(rightInWords)).toEqual([
      'get deployments.apps',
      'patch deployments/scale.apps',
    ]);
    expect([...reader.inCluster, ...writer.inCluster]).toEqual([]);
  });

  it('are to read the namespace itself only where the envelope tells environments by its labels', () => {
    const labelRead = 'get namespaces';
    const readsOf = (environments: Envelope['environments']) =>
      neededRights([scale], { environments }).reader.inNamespaces.map(rightInWords);
    expect(readsOf(byLabel)).toContain(labelRead);
    expect(readsOf([{ name: 'production', namespaces: ['*'], namespaceLabels: {} }])).not.toContain(
      labelRead,
    );
    expect(
      neededRights([scale], { environments: byLabel }).writer.inNamespaces.map(rightInWords),
    ).not.toContain(labelRead);
    const rules = rulesOf(yaml([scale], ['shop'], byLabel), 'Role', 'countersign-reader');
    const ofNamespaces = rules?.filter(({ resources }) => resources.includes('namespaces'));
    expect(ofNamespaces).toMatchObject([{ apiGroups: [''], verbs: ['get'] }]);
  });

  it('are none to write where no action is allowed', () => {
    expect(neededRights([]).writer).toEqual({ inNamespaces: [], inCluster: [] });
    expect(documents(yaml([])).some(({ metadata }) => metadata.name.includes('writer'))).toBe(false);
  });
});

describe('the roles', () => {
  it('bind two accounts in each namespace, and let the reader ask for a token of the writer alone', () => {
    const text = yaml([scale], ['web', 'shop', 'web']);
    expect(
      documents(text).map(({ kind, metadata: { name, namespace } }) => `${kind} ${namespace}/${name}`),
    ).toEqual([
      'ServiceAccount countersign/countersign-reader',
      'ServiceAccount countersign/countersign-writer',
      'Role countersign/countersign-writer-token',
      'RoleBinding countersign/countersign-writer-token',
      'Role shop/countersign-reader',
      'RoleBinding shop/countersign-reader',
      'Role shop/countersign-writer',
      'RoleBinding shop/countersign-writer',
      'Role web/countersign-reader',
      'RoleBinding web/countersign-reader',
      'Role web/countersign-writer',
      'RoleBinding web/countersign-writer',
    ]);
    expect(rulesOf(text, 'Role', 'countersign-writer-token')).toEqual([
      {
        apiGroups: [''],
        resources: ['serviceaccounts/token'],
        resourceNames: ['countersign-writer'],
        verbs: ['create'],
      },
    ]);
  });

  it('reach the whole cluster only for what is in no namespace', () => {
    expect(documents(yaml([scale])).some(({ kind }) => kind.startsWith('Cluster'))).toBe(false);
    const text = yaml([scale, cordon]);
    expect(rulesOf(text, 'ClusterRole', 'countersign-reader.countersign')).toEqual([
      { apiGroups: [''], resources: ['nodes'], verbs: ['get'] },
    ]);
    expect(rulesOf(text, 'ClusterRole', 'countersign-writer.countersign')).toEqual([
      { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'patch'] },
    ]);
  });

  it('never hold a wildcard, nor more than is needed, whatever the actions', () => {
    const permission = fc.record({
      verb: fc.constantFrom('get', 'list', 'patch', 'create'),
      group: fc.constantFrom('', 'apps', 'batch'),
      resource: fc.constantFrom('pods', 'pods/eviction', 'deployments', 'cronjobs'),
      scope: fc.constantFrom('namespace' as const, 'cluster' as const),
    });
    fc.assert(
      fc.property(fc.array(permission, { maxLength: 8 }), (permissions) => {
        const action = { name: 'any', on: 'cluster', permissions };
        const granted = (rulesOf(yaml([action]), 'Role', 'countersign-writer') ?? []).flatMap(
          ({ apiGroups, resources, verbs }) =>
            apiGroups.flatMap((group) =>
              resources.flatMap((resource) => verbs.map((verb) => rightInWords({ verb, group, resource }))),
            ),
        );
        expect(granted.sort()).toEqual(neededRights([action]).writer.inNamespaces.map(rightInWords));
      }),
    );
  });

  it.each(['no', 'on', 'null', 'true', '1e3', '0x10', '123', '1-0', 'y'])(
    'are for a namespace called %s, as kubectl reads it',
    (namespace) => {
      const found = documents(yaml([scale], [namespace])).map(({ metadata }) => metadata.namespace);
      expect(new Set(found)).toEqual(new Set(['countersign', namespace]));
    },
  );

  it.each([
    '',
    'Shop',
    'a_b',
    '-a',
    'a.b',
    'x'.repeat(64),
    'shop\nkind: ClusterRole',
    'sһop',
    '../shop',
    'a b',
  ])('are refused for %j, which is no namespace', (namespace) => {
    expect(() => yaml([scale], [namespace])).toThrow(/is no name of a Kubernetes namespace/);
  });

  it('are refused for a pattern, with what to do instead', () => {
    expect(() => yaml([scale], ['shop-*'])).toThrow(/Name each with --namespace/);
  });
});
