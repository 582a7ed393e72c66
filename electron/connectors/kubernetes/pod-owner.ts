import type { PodState } from '../source.ts';
import type { Pod } from './surroundings.ts';

/** The annotation of a pod that the kubelet runs from a file of its own; the API shows only its image. */
const mirror = 'kubernetes.io/config.mirror';

/** Who puts another pod in the place of this one, and what people call that workload. */
export function workloadOf({ metadata }: Pick<Pod, 'metadata'>): PodState['controller'] {
  const owner = metadata.ownerReferences.find(({ controller }) => controller !== false);
  if (!owner) return null;
  const hash = metadata.labels['pod-template-hash'];
  // A ReplicaSet of a Deployment is named for it and for the hash of the template.
  const isOfDeployment = owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`);
  const workload = isOfDeployment ? owner.name.slice(0, -hash.length - 1) : owner.name;
  return { kind: isOfDeployment ? 'Deployment' : owner.kind, name: owner.name, workload };
}

/** Whether it belongs to its node rather than to anything that could run elsewhere. */
export const staysOnNode = (pod: Pod): boolean => {
  const kind = workloadOf(pod)?.kind;
  return kind === 'DaemonSet' || kind === 'Node' || Object.hasOwn(pod.metadata.annotations, mirror);
};
