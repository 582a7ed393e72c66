import { autoscalerController, type UtilisationOf } from './autoscaler-controller.ts';
import { backupOperator } from './backup-operator.ts';
import { infrastructureImages } from './create-surroundings.ts';
import { type DeploymentController, deploymentController } from './deployment-controller.ts';
import { type NodeAgents, nodeAgents } from './node-agents.ts';
import type { ObjectStore } from './object-store.ts';
import { workloadControllers } from './workload-controllers.ts';

export type ClusterControllers = Pick<DeploymentController, 'isSettled'> &
  Pick<NodeAgents, 'restartContainer'> & {
    /** Brings the whole cluster one step nearer to what its objects ask for. */
    step(atMs: number): void;
  };

/** All that moves a cluster by itself: scheduler and kubelets first, then the controllers that see what those did. */
export function clusterControllers(options: {
  store: ObjectStore;
  seed: number;
  /** An image nobody built never starts. */
  hasImage: (image: string) => boolean;
  /** Without it autoscalers say how things stand, and scale nothing. */
  utilisationOf?: UtilisationOf;
  /** Whether nobody looks, as in a rehearsal: then all that would change nothing for who serves is left undone. */
  isUnseen?: boolean;
}): ClusterControllers {
  const { store, seed, hasImage, utilisationOf, isUnseen = false } = options;
  const infrastructure: readonly string[] = Object.values(infrastructureImages);
  const nodes = nodeAgents({
    store,
    seed,
    hasImage: (image) => infrastructure.includes(image) || hasImage(image),
  });
  const deployments = deploymentController({ store, seed, nodes });
  const autoscalers = utilisationOf ? autoscalerController({ store, seed, utilisationOf, isUnseen }) : null;
  const backups = backupOperator(store);
  const workloads = workloadControllers({
    store,
    seed,
    nodes,
    leavesAutoscalers: autoscalers !== null,
    isUnseen,
  });

  return {
    isSettled: deployments.isSettled,
    restartContainer: nodes.restartContainer,
    step(atMs) {
      nodes.step(atMs);
      autoscalers?.step(atMs);
      deployments.step(atMs);
      workloads.step(atMs);
      backups.step(atMs);
    },
  };
}
