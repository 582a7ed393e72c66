import { groupVersion, resources } from './resources.ts';

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

export const reviewGroup = 'authorization.k8s.io';
export const identityGroup = 'authentication.k8s.io';

const reviewed = (...kinds: string[]) =>
  kinds.map((kind) => ({
    name: `${kind.toLowerCase()}s`,
    singularName: kind.toLowerCase(),
    namespaced: false,
    kind,
    verbs: ['create'],
  }));
/** What is asked of the server about whoever asks. */
const reviews: Readonly<Record<string, readonly object[]>> = {
  [`${identityGroup}/v1`]: reviewed('SelfSubjectReview'),
  [`${reviewGroup}/v1`]: reviewed('SelfSubjectAccessReview', 'SelfSubjectRulesReview'),
};

const versions = [...new Set(resources.map((resource) => groupVersion(resource)))];
const groupOf = (name: string) => {
  const [group = '', version = ''] = name.split('/');
  const served = { groupVersion: name, version };
  return { name: group, versions: [served], preferredVersion: served };
};
const groups = [...versions.filter((name) => name.includes('/')), ...Object.keys(reviews)].map(groupOf);

/** Each document of discovery by its path. */
export const discovery: ReadonlyMap<string, object> = new Map<string, object>([
  ['/version', versionInfo],
  ['/api', { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }],
  ['/apis', { kind: 'APIGroupList', apiVersion: 'v1', groups }],
  ...groups.map(
    (group) => [`/apis/${group.name}`, { kind: 'APIGroup', apiVersion: 'v1', ...group }] as const,
  ),
  ...versions.map(
    (name) => [name === 'v1' ? '/api/v1' : `/apis/${name}`, listOf(name, resourcesOf(name))] as const,
  ),
  ...Object.entries(reviews).map(([name, listed]) => [`/apis/${name}`, listOf(name, listed)] as const),
]);

function listOf(name: string, listed: readonly object[]): object {
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: name, resources: listed };
}

function resourcesOf(name: string): object[] {
  return resources
    .filter((resource) => groupVersion(resource) === name)
    .flatMap(({ plural, singular, namespaced, kind, verbs, shortNames, categories, subresources }) => [
      {
        name: plural,
        singularName: singular,
        namespaced,
        kind,
        verbs,
        ...(shortNames.length > 0 ? { shortNames } : {}),
        ...(categories.length > 0 ? { categories } : {}),
      },
      ...subresources.map((sub) => ({
        name: `${plural}/${sub.name}`,
        singularName: '',
        namespaced,
        ...(sub.group === '' ? {} : { group: sub.group, version: sub.version }),
        kind: sub.kind,
        verbs: sub.verbs,
      })),
    ]);
}
