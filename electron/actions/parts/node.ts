import { NodeTarget, type Target } from '../../../shared/vocabulary/proposal.ts';
import type { NodePod, NodeState } from '../../connectors/source.ts';
import type { Permission, Preflight, Touched } from '../action.ts';
import { mostImportant } from './counted.ts';

/** A node is named by itself: it stands in no namespace. */
export const NodeInput = NodeTarget.omit({ kind: true, namespace: true });

export const nodeTarget = ({ cluster, name }: { cluster: string; name: string }): Target => ({
  cluster,
  kind: 'Node',
  namespace: '',
  name,
});

const inCluster = (verb: Permission['verb'], group: Permission['group'], resource: string): Permission => ({
  verb,
  group,
  resource,
  scope: 'cluster',
});

/** A node, what stands on it and how important that is; pods of a node are in every namespace. */
export const nodeRights: readonly Permission[] = [
  inCluster('get', '', 'nodes'),
  inCluster('patch', '', 'nodes'),
  inCluster('list', '', 'pods'),
  inCluster('list', 'apps', 'deployments'),
  inCluster('list', 'apps', 'statefulsets'),
  inCluster('list', 'policy', 'poddisruptionbudgets'),
];
/** For the backups of what keeps data there. */
export const nodeBackupRights: readonly Permission[] = [inCluster('list', 'batch', 'jobs')];

/** What a plan takes for granted of a node itself. */
type NodeSeen = Pick<NodeState, 'uid' | 'unschedulable'>;

export function driftOfNode(seen: NodeSeen, now: NodeSeen): Preflight {
  if (now.uid !== seen.uid) return { kind: 'drifted', because: 'another node has come to bear that name' };
  if (now.unschedulable !== seen.unschedulable)
    return { kind: 'drifted', because: `it was ${now.unschedulable ? 'cordoned' : 'uncordoned'}` };
  return { kind: 'unchanged' };
}

/** Pods that run elsewhere when they go from here. */
export const movable = (pods: readonly NodePod[]): NodePod[] =>
  pods.filter(({ staysOnNode, isEnding }) => !staysOnNode && !isEnding);

const workloadOf = ({ controller, name }: NodePod) => controller?.workload ?? name;

/** What a node carries for others. */
export function carriedBy(pods: readonly NodePod[]): Touched & { tier: number | null; namespaces: number } {
  const services = new Map(pods.map((pod) => [workloadOf(pod), pod.serviceTier]));
  return {
    pods: pods.length,
    workloads: [...services.keys()].sort(),
    services: [...services].map(([name, tier]) => ({ name, tier })),
    tier: mostImportant(pods.map(({ serviceTier }) => serviceTier)),
    namespaces: new Set(pods.map(({ namespace }) => namespace)).size,
  };
}

/** Nothing delivers nodes as it delivers what runs on them; data is what its pods keep. */
export const nodeFacts = (pods: readonly NodePod[]) => ({
  serviceTier: carriedBy(pods).tier,
  managedBy: null,
  ownership: null,
  keepsData: pods.some(({ keepsData }) => keepsData),
  backupRunning: pods.find(({ backupRunning }) => backupRunning !== null)?.backupRunning ?? null,
});
