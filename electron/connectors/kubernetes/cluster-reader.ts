import { z } from 'zod';
import type { ClusterReader, DeploymentRef, DeploymentState, Revision } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { readConfigMap, readReadersOf } from './config-reader.ts';
import { readIngress } from './ingress-reader.ts';
import { managerOf, tierOf } from './marks.ts';
import { deploymentPath } from './paths.ts';
import { imagesOf, templateDiff, templateDigest } from './pod-template.ts';
import { annotationNames, Deployment, deploymentOwning, ReplicaSet, revisionOf } from './resources.ts';
import { readWorkload } from './workload-reader.ts';

/** The Deployment and the ReplicaSets that it owns, newest revision first. */
export async function readDeployment(api: ClusterApi, ref: DeploymentRef, signal: AbortSignal) {
  const deployment = await api.get(Deployment, deploymentPath(ref), signal);
  const path = `/apis/apps/v1/namespaces/${encodeURIComponent(ref.namespace)}/replicasets`;
  const { items } = await api.list(ReplicaSet, path, signal);
  const sets = items
    .filter((set) => deploymentOwning(set)?.uid === deployment.metadata.uid && revisionOf(set) > 0)
    .sort((a, b) => revisionOf(b) - revisionOf(a));
  return { deployment, sets };
}

export function clusterReader(api: ClusterApi): ClusterReader {
  return {
    deployment: async (ref, signal) => stateOf(await api.get(Deployment, deploymentPath(ref), signal)),

    configMap: (ref, signal) => readConfigMap(api, ref, signal),
    readersOf: (ref, signal) => readReadersOf(api, ref, signal),
    ingress: (ref, signal) => readIngress(api, ref, signal),
    workload: (ref, signal) => readWorkload(api, ref, signal),

    async revisions(ref, signal) {
      const { sets } = await readDeployment(api, ref, signal);
      return sets.map((set, index) => toRevision(set, sets[index + 1]));
    },

    async may(verb, resource, ref, signal) {
      return mayDo(api, { verb, resource, namespace: ref.namespace, name: ref.name }, signal);
    },

    async topologyHints(signal) {
      const { items } = await api.list(Deployment, '/apis/apps/v1/deployments', signal);
      const services = new Map<string, { id: string; namespace: string | null; tier: number | null }>();
      for (const { metadata } of items) {
        const tier = tierOf(metadata.labels);
        const known = services.get(metadata.name);
        // One name in two namespaces is one service to the metrics; the more important one speaks for it.
        if (known && (known.tier ?? 9) <= (tier ?? 9)) continue;
        services.set(metadata.name, { id: metadata.name, namespace: metadata.namespace || null, tier });
      }
      return [...services.values()];
    },
  };
}

const AccessReview = z.object({ status: z.object({ allowed: z.boolean() }) });

/** The server's own word on what these credentials may do (SelfSubjectAccessReview); without a namespace, in all. */
export async function mayDo(
  api: ClusterApi,
  what: { verb: string; resource: string; namespace?: string; name?: string },
  signal: AbortSignal,
): Promise<boolean> {
  const [resource = '', subresource] = what.resource.split('/');
  const resourceAttributes = {
    verb: what.verb,
    group: groupOf(resource),
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(what.namespace === undefined ? {} : { namespace: what.namespace }),
    // A list is of the namespace, not of one object.
    ...(what.name === undefined || what.verb === 'list' ? {} : { name: what.name }),
  };
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  return (await api.ask(AccessReview, path, review, signal)).status.allowed;
}

function groupOf(resource: string): string {
  if (/^(deployments|replicasets|statefulsets|daemonsets)$/.test(resource)) return 'apps';
  return resource === 'ingresses' ? 'networking.k8s.io' : '';
}

function stateOf(deployment: Deployment): DeploymentState {
  const { metadata, spec, status } = deployment;
  return {
    uid: metadata.uid,
    generation: metadata.generation,
    revision: revisionOf(deployment),
    templateDigest: templateDigest(spec.template),
    images: imagesOf(spec.template),
    desiredReplicas: spec.replicas,
    readyReplicas: status.readyReplicas ?? 0,
    paused: spec.paused,
    serviceTier: tierOf(metadata.labels),
    labels: metadata.labels,
    managedBy: managerOf(deployment.metadata),
  };
}

const toRevision = (set: ReplicaSet, before: ReplicaSet | undefined): Revision => ({
  revision: revisionOf(set),
  createdMs: Date.parse(set.metadata.creationTimestamp),
  images: imagesOf(set.spec.template),
  changeCause: set.metadata.annotations[annotationNames.changeCause] ?? null,
  templateDigest: templateDigest(set.spec.template),
  diff: before ? templateDiff(before.spec.template, set.spec.template) : [],
});
