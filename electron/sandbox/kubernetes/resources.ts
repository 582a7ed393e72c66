import type { Kind } from '../cluster/objects.ts';

export type Resource = {
  group: '' | 'apps';
  plural: string;
  singular: string;
  kind: Kind;
  shortNames: readonly string[];
  namespaced: boolean;
  /** What the drill's token may do. */
  verbs: readonly string[];
};

const read = ['get', 'list', 'watch'] as const;

export const resources: readonly Resource[] = [
  {
    group: '',
    plural: 'configmaps',
    singular: 'configmap',
    kind: 'ConfigMap',
    shortNames: ['cm'],
    namespaced: true,
    verbs: read,
  },
  {
    group: '',
    plural: 'events',
    singular: 'event',
    kind: 'Event',
    shortNames: ['ev'],
    namespaced: true,
    verbs: read,
  },
  {
    group: '',
    plural: 'namespaces',
    singular: 'namespace',
    kind: 'Namespace',
    shortNames: ['ns'],
    namespaced: false,
    verbs: read,
  },
  {
    group: '',
    plural: 'nodes',
    singular: 'node',
    kind: 'Node',
    shortNames: ['no'],
    namespaced: false,
    verbs: read,
  },
  {
    group: '',
    plural: 'pods',
    singular: 'pod',
    kind: 'Pod',
    shortNames: ['po'],
    namespaced: true,
    verbs: read,
  },
  {
    group: 'apps',
    plural: 'deployments',
    singular: 'deployment',
    kind: 'Deployment',
    shortNames: ['deploy'],
    namespaced: true,
    verbs: [...read, 'patch'],
  },
  {
    group: 'apps',
    plural: 'replicasets',
    singular: 'replicaset',
    kind: 'ReplicaSet',
    shortNames: ['rs'],
    namespaced: true,
    verbs: read,
  },
];

export const groupVersion = (group: Resource['group']): string => (group === '' ? 'v1' : `${group}/v1`);

/** `deployments.apps`, as messages name a resource. */
export const qualified = ({ plural, group }: Pick<Resource, 'plural' | 'group'>): string =>
  group === '' ? plural : `${plural}.${group}`;

/** What a SelfSubjectAccessReview is answered from. `scale` is the only subresource there is. */
export function mayDo(request: {
  verb: string;
  group: string;
  resource: string;
  subresource: string;
}): boolean {
  const resource = resources.find(
    ({ group, plural }) => group === request.group && plural === request.resource,
  );
  if (!resource) return false;
  if (request.subresource === '') return resource.verbs.includes(request.verb);
  return (
    resource.kind === 'Deployment' &&
    request.subresource === 'scale' &&
    ['get', 'patch'].includes(request.verb)
  );
}
