import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/failure.ts';
import type { Connector } from '../source.ts';
import { type KubernetesAccess, type OpenAccess, openAccess } from './access.ts';
import { changeSource } from './change-source.ts';
import { type ClusterApi, clusterApi } from './cluster-api.ts';
import { clusterControl } from './cluster-control.ts';
import { clusterReader, mayDo } from './cluster-reader.ts';
import { Deployment } from './resources.ts';

export type KubernetesOptions = {
  id: string;
  name: string;
  access: KubernetesAccess;
  /** Dates what a cluster does not date itself; a drill has a time of its own. */
  clock?: Pick<Clock, 'now'>;
  random?: () => number;
};

/** A Kubernetes cluster: what changed in it, what its Deployments are, and the few writes that actions need. */
export function kubernetes({ id, name, access, clock, random = Math.random }: KubernetesOptions): Connector {
  const api = clusterApi(openedOnce(access));
  return {
    id,
    kind: 'kubernetes',
    name,
    changes: changeSource({ api, source: name, now: () => clock?.now() ?? Date.now(), random }),
    cluster: clusterReader(api),
    control: clusterControl(api),
    test: (signal) => testConnection(api, signal),
  };
}

/** A kubeconfig is read at the first request; one that could not be read is tried again at the next. */
function openedOnce(access: KubernetesAccess): () => Promise<OpenAccess> {
  let opened: Promise<OpenAccess> | undefined;
  return () => {
    opened ??= openAccess(access).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

const Version = z.object({ gitVersion: z.string() });

async function testConnection(api: ClusterApi, signal: AbortSignal): ReturnType<Connector['test']> {
  const startedMs = performance.now();
  try {
    const { gitVersion } = await api.get(Version, '/version', signal);
    const latencyMs = Math.round(performance.now() - startedMs);
    const { items } = await api.list(Deployment, '/apis/apps/v1/deployments', signal);
    const [rollouts, events, rollBack, scale, config, traffic] = await Promise.all([
      mayDo(api, { verb: 'list', resource: 'replicasets' }, signal),
      mayDo(api, { verb: 'list', resource: 'events' }, signal),
      mayDo(api, { verb: 'patch', resource: 'deployments' }, signal),
      mayDo(api, { verb: 'patch', resource: 'deployments/scale' }, signal),
      mayDo(api, { verb: 'patch', resource: 'configmaps' }, signal),
      mayDo(api, { verb: 'patch', resource: 'ingresses' }, signal),
    ]);
    const missing = [...(rollouts ? [] : ['replicasets']), ...(events ? [] : ['events'])];
    const namespaces = new Set(items.map(({ metadata }) => metadata.namespace)).size;
    return {
      ok: missing.length === 0,
      sentence:
        missing.length === 0
          ? `Kubernetes ${gitVersion} answers.`
          : `Kubernetes ${gitVersion} answers, but these credentials may not list ${missing.join(' and ')}: changes would be missed. Grant list and watch on them.`,
      version: gitVersion,
      latencyMs,
      sees: [
        `${items.length} deployments in ${namespaces} namespaces`,
        ...(rollouts ? ['rollouts'] : []),
        ...(events ? ['events'] : []),
        rollBack ? 'may roll back deployments' : 'may not roll back deployments everywhere',
        scale ? 'may scale deployments' : 'may not scale deployments everywhere',
        config ? 'may set config maps back' : 'may not set config maps back everywhere',
        traffic ? 'may shift weights of ingresses' : 'may not shift weights of ingresses everywhere',
      ],
    };
  } catch (error) {
    return { ok: false, sentence: messageOf(error), version: null, latencyMs: null, sees: [] };
  }
}
