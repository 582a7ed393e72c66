import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/failure.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import type { Connector } from '../source.ts';
import { type KubernetesAccess, type OpenAccess, openAccess } from './access.ts';
import { rightsReader } from './access-review.ts';
import { changeSource } from './change-source.ts';
import { type ClusterApi, clusterApi } from './cluster-api.ts';
import { clusterControl } from './cluster-control.ts';
import { clusterReader } from './cluster-reader.ts';
import { objectReader } from './object-reader.ts';
import { Deployment } from './resources.ts';
import { scopedApi } from './scoped-api.ts';
import { type Split, splitControl, splitMay } from './split-control.ts';
import type { WriterAccount } from './token-request.ts';

export type KubernetesOptions = {
  id: string;
  name: string;
  access: KubernetesAccess;
  /** Writes are made with a token of this account, asked for one by one; `access` then only reads. */
  writer?: WriterAccount | undefined;
  /** The namespaces that `access` has rights in; absent where it may list the whole cluster. */
  namespaces?: readonly string[] | undefined;
  /** Hosts that the envelope refuses. */
  refuses?: Refuses | undefined;
  /** Whether the envelope lets a namespace be read. */
  mayRead?: (namespace: string) => boolean;
  /** Dates what a cluster does not date itself; a drill has a time of its own. */
  clock?: Pick<Clock, 'now'>;
  random?: () => number;
};

/** A Kubernetes cluster: what changed in it, what its Deployments are, and the few writes that actions need. */
export function kubernetes(options: KubernetesOptions): Connector {
  const { id, name, writer, namespaces, clock, mayRead = () => true, random = Math.random } = options;
  const access = openedOnce(options.access, options.refuses);
  const whole = clusterApi(access);
  const api = scopedApi(whole, { namespaces, allows: mayRead });
  const reader = clusterReader(api);
  const split = writer && { reader: whole, access, writer };
  return {
    id,
    kind: 'kubernetes',
    name,
    changes: changeSource({ api, source: name, now: () => clock?.now() ?? Date.now(), random }),
    cluster: split ? { ...reader, may: splitMay(split) } : reader,
    objects: objectReader(api),
    control: split ? splitControl(split, clusterControl) : clusterControl(whole),
    rights: rightsReader(whole),
    writesApart: split !== undefined,
    test: (signal) => testConnection(api, { namespaces, split }, signal),
  };
}

/** A kubeconfig is read at the first request; one that could not be read is tried again at the next. */
function openedOnce(access: KubernetesAccess, refuses: Refuses | undefined): () => Promise<OpenAccess> {
  let opened: Promise<OpenAccess> | undefined;
  return () => {
    opened ??= openAccess(access).then(
      (open) => ({ ...open, refuses }),
      (error: unknown) => {
        opened = undefined;
        throw error;
      },
    );
    return opened;
  };
}

const Version = z.object({ gitVersion: z.string() });

async function testConnection(
  api: ClusterApi,
  { namespaces, split }: { namespaces: readonly string[] | undefined; split: Split | undefined },
  signal: AbortSignal,
): ReturnType<Connector['test']> {
  /** In every namespace that it is for. */
  const may = async (verb: string, group: string, resource: string) => {
    const places = namespaces ?? [''];
    const ask = (namespace: string) =>
      (split && verb === 'patch' ? splitMay(split) : clusterReader(api).may)(
        { verb, group, resource },
        { namespace, name: '' },
        signal,
      );
    return (await Promise.all(places.map(ask))).every(Boolean);
  };

  const startedMs = performance.now();
  try {
    const { gitVersion } = await api.get(Version, '/version', signal);
    const latencyMs = Math.round(performance.now() - startedMs);
    const { items } = await api.list(Deployment, '/apis/apps/v1/deployments', signal);
    const [rollouts, events, rollBack, scale, config, traffic] = await Promise.all([
      may('list', 'apps', 'replicasets'),
      may('list', '', 'events'),
      may('patch', 'apps', 'deployments'),
      may('patch', 'apps', 'deployments/scale'),
      may('patch', '', 'configmaps'),
      may('patch', 'networking.k8s.io', 'ingresses'),
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
