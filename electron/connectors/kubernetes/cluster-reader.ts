import { z } from 'zod';
import type { Topology } from '../../../shared/vocabulary/topology.ts';
import { Failure } from '../../platform/failure.ts';
import { withoutSecrets } from '../../platform/hide-secrets.ts';
import type { AutoscalerState, ClusterReader, DeploymentRef, DeploymentState, Revision } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { readConfigMap, readReadersOf } from './config-reader.ts';
import { readCronJob } from './cron-job-reader.ts';
import { readIngress } from './ingress-reader.ts';
import { readKept } from './kept-reader.ts';
import { tierOf } from './marks.ts';
import { readNamespaceLabels } from './namespace-reader.ts';
import { nodesOfWorkloads } from './nodes-of-workloads.ts';
import { ownedBy } from './ownership.ts';
import { allPath, deploymentPath, writtenPath } from './paths.ts';
import { readNode, readPod } from './pod-reader.ts';
import { imagesOf, templateDiff, templateDigest } from './pod-template.ts';
import { annotationNames, Deployment, deploymentOwning, Meta, ReplicaSet, revisionOf } from './resources.ts';
import { Autoscaler } from './surroundings.ts';
import { readRoute, readSelectedPods, readService } from './traffic-reader.ts';
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
    async deployment(ref, signal) {
      const deployment = await api.get(Deployment, deploymentPath(ref), signal);
      const kept = await readKept(api, { kind: 'Deployment', ...deployment }, signal);
      return { ...stateOf(deployment), ...kept };
    },

    namespaceLabels: (namespace, signal) => readNamespaceLabels(api, namespace, signal),
    configMap: (ref, signal) => readConfigMap(api, ref, signal),
    readersOf: (ref, signal) => readReadersOf(api, ref, signal),
    ingress: (ref, signal) => readIngress(api, ref, signal),
    workload: (ref, signal) => readWorkload(api, ref, signal),

    async revisions(ref, signal) {
      const { sets } = await readDeployment(api, ref, signal);
      return sets.map((set, index) => toRevision(set, sets[index + 1]));
    },

    autoscalerOf: (ref, signal) => readAutoscaler(api, ref, signal),
    pod: (ref, signal) => readPod(api, ref, signal),
    node: (name, signal) => readNode(api, name, signal),
    cronJob: (ref, signal) => readCronJob(api, ref, signal),
    service: (ref, signal) => readService(api, ref, signal),
    selectedPods: (namespace, selector, signal) => readSelectedPods(api, namespace, selector, signal),
    route: (ref, signal) => readRoute(api, ref, signal),

    async markOf(manager, ref, signal) {
      const { metadata } = await there(api.get(z.object({ metadata: Meta }), writtenPath(ref), signal));
      if (!metadata) return null;
      const entry = metadata.managedFields.find((each) => each.manager === manager);
      return {
        uid: metadata.uid,
        mark: entry ? { operation: entry.operation, at: entry.time ?? null } : null,
        writtenAt: lastWritten(metadata),
      };
    },

    may: (what, { namespace, name }, signal) =>
      mayDo(
        api,
        { ...what, ...(namespace === '' ? {} : { namespace }), ...(name === '' ? {} : { name }) },
        signal,
      ),

    async topologyHints(signal) {
      const [{ items }, nodesOf] = await Promise.all([
        api.list(Deployment, '/apis/apps/v1/deployments', signal),
        nodesOfWorkloads(api, signal),
      ]);
      const services = new Map<string, Topology['services'][number]>();
      for (const { metadata } of items) {
        const tier = tierOf(metadata.labels);
        const known = services.get(metadata.name);
        // One name in two namespaces is one service to the metrics; the more important one speaks for it.
        if (known && (known.tier ?? 9) <= (tier ?? 9)) continue;
        const nodes = nodesOf.get(`${metadata.namespace}/${metadata.name}`);
        const hint = { id: metadata.name, namespace: metadata.namespace || null, tier };
        services.set(metadata.name, nodes ? { ...hint, nodes: [...nodes].sort() } : hint);
      }
      return [...services.values()];
    },
  };
}

/** What is not there is an answer here. */
async function there<Found>(read: Promise<Found>): Promise<Found | { metadata: null }> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Failure && error.code === 'not_found') return { metadata: null };
    throw error;
  }
}

const lastWritten = ({ managedFields }: Meta): string | null =>
  managedFields
    .filter(({ subresource }) => subresource !== 'status')
    .map(({ time }) => time ?? '')
    .filter((time) => !Number.isNaN(Date.parse(time)))
    .sort((one, other) => Date.parse(other) - Date.parse(one))[0] ?? null;

async function readAutoscaler(
  api: ClusterApi,
  { namespace, name }: DeploymentRef,
  signal: AbortSignal,
): Promise<AutoscalerState | null> {
  const { items } = await api.list(Autoscaler, allPath('HorizontalPodAutoscaler', namespace), signal);
  const [found, second] = items.filter(
    ({ spec }) => spec.scaleTargetRef.kind === 'Deployment' && spec.scaleTargetRef.name === name,
  );
  if (!found) return null;
  if (second) {
    throw new Failure(
      'conflict',
      `Two autoscalers, ${found.metadata.name} and ${second.metadata.name}, are in charge of ${namespace}/${name}: take one away by hand`,
    );
  }
  const { metadata, spec } = found;
  return {
    name: metadata.name,
    uid: metadata.uid,
    min: spec.minReplicas,
    max: spec.maxReplicas,
    ...ownedBy(metadata),
  };
}

const AccessReview = z.object({ status: z.object({ allowed: z.boolean() }) });

/** The server's own word on what these credentials may do (SelfSubjectAccessReview); without a namespace, in all. */
export async function mayDo(
  api: ClusterApi,
  what: { verb: string; group?: string; resource: string; namespace?: string; name?: string },
  signal: AbortSignal,
): Promise<boolean> {
  const [resource = '', subresource] = what.resource.split('/');
  const resourceAttributes = {
    verb: what.verb,
    group: what.group ?? groupOf(resource),
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

function stateOf(deployment: Deployment): Omit<DeploymentState, 'keepsData' | 'backupRunning'> {
  const { metadata, spec, status } = deployment;
  return {
    uid: metadata.uid,
    generation: metadata.generation,
    revision: revisionOf(deployment),
    templateDigest: templateDigest(spec.template),
    images: imagesOf(spec.template),
    desiredReplicas: spec.replicas,
    readyReplicas: status.readyReplicas ?? 0,
    updatedReplicas: status.updatedReplicas ?? 0,
    paused: spec.paused,
    serviceTier: tierOf(metadata.labels),
    labels: metadata.labels,
    ...ownedBy(metadata),
  };
}

/** A command line that was recorded as the cause may have a password in it. */
const causeIn = (annotations: Readonly<Record<string, string>>): string | null => {
  const cause = annotations[annotationNames.changeCause];
  return cause === undefined ? null : withoutSecrets(cause);
};

const toRevision = (set: ReplicaSet, before: ReplicaSet | undefined): Revision => ({
  revision: revisionOf(set),
  createdMs: Date.parse(set.metadata.creationTimestamp),
  images: imagesOf(set.spec.template),
  changeCause: causeIn(set.metadata.annotations),
  templateDigest: templateDigest(set.spec.template),
  diff: before ? templateDiff(before.spec.template, set.spec.template) : [],
});
