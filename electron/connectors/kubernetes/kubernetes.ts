import type { Clock } from '../../platform/clock.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import type { Pause } from '../../platform/pause.ts';
import type { Connector } from '../source.ts';
import { withSkew } from '../with-skew.ts';
import { type KubernetesAccess, type OpenAccess, openAccess } from './access.ts';
import { rightsReader } from './access-review.ts';
import { changeSource } from './change-source.ts';
import { clusterApi } from './cluster-api.ts';
import { clusterControl } from './cluster-control.ts';
import { clusterReader } from './cluster-reader.ts';
import { descriptionOf } from './description.ts';
import { objectReader } from './object-reader.ts';
import { FOLLOWED, scopedApi } from './scoped-api.ts';
import { splitControl, splitMay } from './split-control.ts';
import { testCluster } from './test-cluster.ts';
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
  /** Whether values of ConfigMaps are shown; otherwise their keys are, and that they changed. */
  showsValues?: boolean | undefined;
  /** Dates what a cluster does not date itself; a drill has a time of its own. */
  clock?: Pick<Clock, 'now'>;
  random?: () => number;
  /** How it waits until it asks again. */
  pause?: Pause;
  /** More of one answer is not read. */
  maxBytes?: number;
};

/** A Kubernetes cluster: what changed in it, what its Deployments are, and the few writes that actions need. */
export function kubernetes(options: KubernetesOptions): Connector {
  const { id, name, writer, namespaces, clock, mayRead = () => true } = options;
  const { random = Math.random, showsValues = true } = options;
  const access = openedOnce(options.access, options.refuses);
  const whole = clusterApi(access, options.maxBytes);
  const scope = { namespaces, allows: mayRead };
  const api = scopedApi(whole, scope);
  const reader = clusterReader(api);
  const split = writer && { reader: whole, access, writer };
  const connector: Connector = {
    id,
    kind: 'kubernetes',
    name,
    describe: () => descriptionOf({ namespaces, showsValues, writesApart: split !== undefined }),
    changes: changeSource({
      api: scopedApi(whole, scope, FOLLOWED),
      source: name,
      now: () => clock?.now() ?? Date.now(),
      random,
      pause: options.pause,
      maySeeValues: (namespace) => showsValues && mayRead(namespace),
      watchesNodes: namespaces === undefined,
    }),
    cluster: split ? { ...reader, may: splitMay(split) } : reader,
    objects: objectReader(api),
    control: split ? splitControl(split, clusterControl) : clusterControl(whole),
    rights: rightsReader(whole),
    writesApart: split !== undefined,
    test: (signal) => testCluster({ api, namespaces, split }, signal),
  };
  return withSkew(connector, 'the API server', whole.skewMs);
}

/** A kubeconfig is read at the first request; one that could not be read is tried again at the next. */
function openedOnce(access: KubernetesAccess, refuses: Refuses | undefined): () => Promise<OpenAccess> {
  let opened: Promise<OpenAccess> | undefined;
  return () => {
    opened ??= openAccess(access, refuses).then(
      (open) => ({
        ...open,
        refuses,
        // A command or an identity provider keeps what it was given until it expires, which the server may see differently.
        refused: () => {
          opened = undefined;
        },
      }),
      (error: unknown) => {
        opened = undefined;
        throw error;
      },
    );
    return opened;
  };
}
