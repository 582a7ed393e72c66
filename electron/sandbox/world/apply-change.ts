import { configMapOf, templateOf } from '../cluster/create-cluster.ts';
import type { ObjectStore } from '../cluster/object-store.ts';
import type { Deployment } from '../cluster/objects.ts';
import { type Involved, postEvent } from '../cluster/post-event.ts';
import { hexOf } from '../random.ts';
import { type ScriptedChange, serviceOf } from '../scenario/draw-drill.ts';
import type { Topology } from '../scenario/scenario.ts';

/**
 * How any controller tells Countersign of a change: an Event in the namespace of the service with these annotations.
 * `change` is a kind of change, `service` the Deployment it concerns.
 */
export const changeAnnotation = 'countersign.dev/change';
export const serviceAnnotation = 'countersign.dev/service';
export const actorAnnotation = 'countersign.dev/actor';
export const flagAnnotation = 'countersign.dev/flag';

/** Makes a scripted change in the cluster and lets the system that made it leave the trace such systems leave. */
export function applyChange(options: {
  change: ScriptedChange;
  store: ObjectStore;
  topology: Topology;
  seed: number;
  atMs: number;
}): void {
  const { change, store, topology, seed, atMs } = options;
  const service = serviceOf(topology, change.service);
  const deployment = store.get('Deployment', service.namespace, service.name);
  if (!deployment) throw new Error(`no Deployment ${service.namespace}/${service.name}`);

  const annotations = {
    [changeAnnotation]: change.kind,
    [serviceAnnotation]: service.name,
    [actorAnnotation]: change.actor,
  };
  const post = (
    about: Involved | Deployment,
    component: string,
    reason: string,
    message: string,
    more = {},
  ) =>
    postEvent(store, {
      atMs,
      seed,
      type: 'Normal',
      reason,
      message,
      about,
      component,
      namespace: service.namespace,
      annotations: { ...annotations, ...more },
    });
  const reference = (apiVersion: string, kind: string, name: string): Involved => ({
    apiVersion,
    kind,
    name,
    namespace: service.namespace,
    uid: hexOf(`${seed}/${kind}/${name}`, 32),
  });

  switch (change.kind) {
    case 'deploy':
      update(store, deployment, atMs, {
        spec: { ...deployment.spec, template: templateOf(service, change.version, seed) },
        annotations: {
          'kubernetes.io/change-cause': `${service.name} ${change.version}: ${change.cause}`,
          [actorAnnotation]: change.actor,
        },
      });
      return;

    case 'flag': {
      const message = `Flag ${change.flag} updated: ${change.from} -> ${change.to}`;
      const flag = reference('core.openfeature.dev/v1beta1', 'FeatureFlag', change.flag);
      post(flag, 'flagd', 'FlagUpdated', message, { [flagAnnotation]: change.flag });
      return;
    }

    case 'config': {
      const name = configMapOf(service.name);
      const configMap = store.get('ConfigMap', service.namespace, name);
      if (!configMap) throw new Error(`no ConfigMap ${service.namespace}/${name}`);
      const before = configMap.data[change.setting] ?? '';
      const data = { ...configMap.data, [change.setting]: change.value };
      const { uid } = store.put<'ConfigMap'>({ ...configMap, data }, atMs).metadata;
      const message = `ConfigMap ${name} changed: ${change.setting} ${before} -> ${change.value}`;
      post({ ...reference('v1', 'ConfigMap', name), uid }, 'reloader', 'ConfigMapChanged', message);
      return;
    }

    case 'scale': {
      const before = deployment.spec.replicas;
      update(store, deployment, atMs, { spec: { ...deployment.spec, replicas: change.replicas } });
      if (change.by === 'person') {
        const message = `Scaled from ${before} to ${change.replicas} replicas by ${change.actor}`;
        post(deployment, 'kubectl', 'Scaled', message);
        return;
      }
      const reason =
        change.replicas > before
          ? 'cpu resource utilization (percentage of request) above target'
          : 'All metrics below target';
      const autoscaler = reference('autoscaling/v2', 'HorizontalPodAutoscaler', service.name);
      const message = `New size: ${change.replicas}; reason: ${reason}`;
      post(autoscaler, 'horizontal-pod-autoscaler', 'SuccessfulRescale', message, {
        [actorAnnotation]: 'horizontal-pod-autoscaler',
      });
      return;
    }

    case 'traffic': {
      const canary = reference('flagger.app/v1beta1', 'Canary', service.name);
      const message = `Advance ${service.name}.${service.namespace} canary weight ${change.weight}`;
      post(canary, 'flagger', 'Synced', message, { [actorAnnotation]: 'flagger' });
      return;
    }

    case 'infrastructure': {
      const nodes = store.list('Node');
      const node = nodes[change.variant % nodes.length]?.metadata.name ?? '';
      const variants = [
        ['kubelet', 'NodeReady', `Node ${node} status is now: NodeReady`],
        ['node-controller', 'RegisteredNode', `Node ${node} event: Registered Node ${node} in Controller`],
        ['kubelet', 'NodeAllocatableEnforced', `Updated Node Allocatable limit across pods on ${node}`],
      ] as const;
      const [component, reason, message] = variants[change.variant % variants.length] ?? variants[0];
      const { namespace: _clusterWide, ...about } = reference('v1', 'Node', node);
      post(about, component, reason, message, { [actorAnnotation]: component });
      return;
    }
  }
}

function update(
  store: ObjectStore,
  deployment: Deployment,
  atMs: number,
  change: { spec: Deployment['spec']; annotations?: Record<string, string> },
): void {
  store.put<'Deployment'>(
    {
      ...deployment,
      metadata: {
        ...deployment.metadata,
        generation: (deployment.metadata.generation ?? 1) + 1,
        annotations: { ...deployment.metadata.annotations, ...change.annotations },
      },
      spec: change.spec,
    },
    atMs,
  );
}
