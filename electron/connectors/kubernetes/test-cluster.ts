import { z } from 'zod';
import type { ConnectionTest } from '../../../shared/vocabulary/connection.ts';
import { messageOf } from '../../platform/failure.ts';
import { Refused } from '../../platform/http-reply.ts';
import type { ClusterApi } from './cluster-api.ts';
import { clusterReader } from './cluster-reader.ts';
import { followedReads, neededReads } from './own-reads.ts';
import { Deployment } from './resources.ts';
import type { Right } from './rights.ts';
import { type Split, splitMay } from './split-control.ts';

const Version = z.object({ gitVersion: z.string() });

/** Followed, but not served by every cluster: what came late to Kubernetes, or is installed beside it. */
const MAY_BE_ABSENT = [
  { version: 'autoscaling/v2', title: 'autoscalers' },
  { version: 'gateway.networking.k8s.io/v1', title: 'HTTP routes' },
];

const writes: readonly [Right, string][] = [
  [{ verb: 'patch', group: 'apps', resource: 'deployments' }, 'roll back deployments'],
  [{ verb: 'patch', group: 'apps', resource: 'deployments/scale' }, 'scale deployments'],
  [{ verb: 'patch', group: '', resource: 'configmaps' }, 'set config maps back'],
  [{ verb: 'patch', group: 'networking.k8s.io', resource: 'ingresses' }, 'shift weights of ingresses'],
];

/** Reaches the cluster once and says what these credentials see and may do, by the server's own word. Never throws. */
export async function testCluster(
  ports: {
    api: ClusterApi;
    namespaces: readonly string[] | undefined;
    split: Split | undefined;
  },
  signal: AbortSignal,
): Promise<ConnectionTest> {
  const { api, namespaces, split } = ports;
  /** In every namespace that it is for. */
  async function may({ verb, group, resource }: Right): Promise<boolean> {
    const asked = split && verb === 'patch' ? splitMay(split) : clusterReader(api).may;
    const places = namespaces ?? [''];
    const answers = await Promise.all(
      places.map((namespace) => asked({ verb, group, resource }, { namespace, name: '' }, signal)),
    );
    return answers.every(Boolean);
  }
  const missingOf = async (rights: readonly Right[]): Promise<string[]> => {
    const answers = await Promise.all(rights.map(may));
    return [...new Set(rights.filter((_, index) => !answers[index]).map(({ resource }) => resource))];
  };

  const startedMs = performance.now();
  try {
    const { gitVersion } = await api.get(Version, '/version', signal);
    const latencyMs = Math.round(performance.now() - startedMs);
    const { items } = await api.list(Deployment, '/apis/apps/v1/deployments', signal);
    const [absent, missing, unseen, mayNodes, ...mayWrite] = await Promise.all([
      absentIn(api, signal),
      missingOf(neededReads),
      missingOf(followedReads),
      namespaces === undefined ? may({ verb: 'watch', group: '', resource: 'nodes' }) : false,
      ...writes.map(([right]) => may(right)),
    ]);
    const besides = [...unseen.filter((one) => !missing.includes(one)), ...(mayNodes ? [] : ['nodes'])];
    const inNamespaces = new Set(items.map(({ metadata }) => metadata.namespace)).size;
    return {
      ok: missing.length === 0,
      sentence:
        missing.length === 0
          ? `Kubernetes ${gitVersion} answers.`
          : `Kubernetes ${gitVersion} answers, but these credentials may not list and watch ${missing.join(' and ')}: changes would be missed. Grant list and watch on them.`,
      version: gitVersion,
      latencyMs,
      sees: [
        `${items.length} deployments in ${inNamespaces} namespaces`,
        ...(missing.includes('replicasets') ? [] : ['rollouts']),
        ...(missing.includes('events') ? [] : ['events']),
        ...(besides.length === 0
          ? [`every kind that is followed${absent.length === 0 ? '' : ' and that this server has'}`]
          : [`does not see ${besides.join(', ')}: grant list and watch on what should be followed`]),
        ...absent.map(({ title, version }) => `this server has no ${title} (${version})`),
        ...writes.map(([, what], index) => (mayWrite[index] ? `may ${what}` : `may not ${what} everywhere`)),
      ],
    };
  } catch (error) {
    return { ok: false, sentence: messageOf(error), version: null, latencyMs: null, sees: [] };
  }
}

/** By the server's own list of what it serves; what it does not say so of counts as there. */
async function absentIn(api: ClusterApi, signal: AbortSignal) {
  const found = await Promise.all(
    MAY_BE_ABSENT.map((one) =>
      api.get(z.object({}), `/apis/${one.version}`, signal).then(
        () => [],
        (error: unknown) => (error instanceof Refused && error.status === 404 ? [one] : []),
      ),
    ),
  );
  return found.flat();
}
