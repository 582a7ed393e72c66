import { groupVersion, type Resource, resources } from './resources.ts';

/** What `/version`, `/api` and `/apis` answer: enough for kubectl and client libraries to find their way. */
export const versionInfo = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.4-countersign',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'linux/amd64',
};

export const coreVersions = { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };

const groupOf = (name: string) => {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
};

export const groupList = {
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: [groupOf('apps'), groupOf('authorization.k8s.io')],
};

export const reviewResources = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: 'authorization.k8s.io/v1',
  resources: [
    {
      name: 'selfsubjectaccessreviews',
      singularName: 'selfsubjectaccessreview',
      namespaced: false,
      kind: 'SelfSubjectAccessReview',
      verbs: ['create'],
    },
  ],
};

export function resourceList(group: Resource['group']) {
  const listed = resources
    .filter((resource) => resource.group === group)
    .map(({ plural, singular, namespaced, kind, verbs, shortNames }) => ({
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      shortNames,
    }));
  const scale = {
    name: 'deployments/scale',
    singularName: '',
    namespaced: true,
    group: 'autoscaling',
    version: 'v1',
    kind: 'Scale',
    verbs: ['get', 'patch'],
  };
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion(group),
    resources: group === 'apps' ? [...listed, scale] : listed,
  };
}
