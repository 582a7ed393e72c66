import { jsonIn } from '../../platform/http-reply.ts';
import { notApplied, reading, said, writing } from '../one-write.ts';
import type { ClusterControl, ObjectRef, RouteBackend } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { readDeployment } from './cluster-reader.ts';
import { budgetAllows, evict } from './evict.ts';
import { guardedWrite, specPatch } from './guarded-write.ts';
import { configMapPath, deploymentPath, ingressPath, nodePath, objectPath, workloadPath } from './paths.ts';
import { ownTemplate, templateDigest, versionOf } from './pod-template.ts';
import {
  annotationNames,
  ConfigMap,
  Deployment,
  Ingress,
  type ReplicaSet,
  revisionOf,
  Scale,
  Workload,
} from './resources.ts';
import { setMember } from './set-member.ts';
import { Autoscaler, CronJob, HttpRoute, Node, Service } from './surroundings.ts';
import { restartMark } from './workload-reader.ts';
import { parametersOf } from './write-parameters.ts';

/**
 * The writes. INVARIANT: each call sends at most one writing request, tied to the object as it was read in the same
 * breath, and never sends it again, whatever comes back.
 */
export function clusterControl(api: ClusterApi): ClusterControl {
  return {
    async rollTo(ref, { revision, expected }, options, signal) {
      const read = await reading(() => readDeployment(api, ref, signal));
      if ('because' in read) return notApplied(read.because);
      const { deployment, sets } = read.value;
      const held = sets.find((set) => revisionOf(set) === revision);
      const obstacle =
        differenceOf(deployment, expected) ?? obstacleTo(deployment, held, revision, options.dryRun);
      if (obstacle !== null || !held) return notApplied(obstacle ?? '');
      return writing({
        send: () =>
          api.patch(
            deploymentPath(ref),
            { type: 'json-patch', body: rollBackPatch(deployment, held), parameters: parametersOf(options) },
            signal,
          ),
        confirms: (reply) => {
          const json = jsonIn(reply);
          const after = Deployment.safeParse(json).data;
          if (after?.metadata.uid !== deployment.metadata.uid) return false;
          return templateDigest(after.spec.template) === templateDigest(held.spec.template);
        },
        sentence: said(
          options,
          `${nameOf(ref)} has the pod template of revision ${revision}${versionText(held)}`,
        ),
      });
    },

    scaleTo: (ref, { replicas, expected }, options, signal) =>
      guardedWrite(
        api,
        {
          path: `${deploymentPath(ref)}/scale`,
          schema: Scale,
          uid: expected.uid,
          differs: ({ spec }) =>
            spec.replicas === expected.replicas
              ? null
              : `It wants ${spec.replicas} replicas, was ${expected.replicas}`,
          isSo: ({ spec }) => spec.replicas === replicas,
          patch: (version) => specPatch(version, { replicas }),
          sentence: `${nameOf(ref)} wants ${replicas} replicas, was ${expected.replicas}`,
        },
        options,
        signal,
      ),

    setBounds: (ref, { to, expected }, options, signal) =>
      guardedWrite(
        api,
        {
          path: objectPath('HorizontalPodAutoscaler', ref),
          schema: Autoscaler,
          uid: expected.uid,
          differs: ({ spec }) =>
            spec.minReplicas === expected.min && spec.maxReplicas === expected.max
              ? null
              : `Its bounds are ${spec.minReplicas} to ${spec.maxReplicas}, were ${expected.min} to ${expected.max}`,
          isSo: ({ spec }) => spec.minReplicas === to.min && spec.maxReplicas === to.max,
          patch: (version) => specPatch(version, { minReplicas: to.min, maxReplicas: to.max }),
          sentence: `The autoscaler ${nameOf(ref)} keeps ${to.min} to ${to.max} replicas, was ${expected.min} to ${expected.max}`,
        },
        options,
        signal,
      ),

    setPaused: (ref, { to, expected }, options, signal) =>
      guardedWrite(
        api,
        {
          path: deploymentPath(ref),
          schema: Deployment,
          uid: expected.uid,
          differs: ({ spec }) =>
            spec.paused === expected.is ? null : `Its rollout was ${spec.paused ? 'paused' : 'resumed'}`,
          isSo: ({ spec }) => spec.paused === to,
          patch: (version) => specPatch(version, { paused: to }),
          sentence: `The rollout of ${nameOf(ref)} is ${to ? 'paused' : 'resumed'}`,
        },
        options,
        signal,
      ),

    setSuspended: (ref, { to, expected }, options, signal) =>
      guardedWrite(
        api,
        {
          path: objectPath('CronJob', ref),
          schema: CronJob,
          uid: expected.uid,
          differs: ({ spec }) =>
            spec.suspend === expected.is ? null : `It was ${spec.suspend ? 'suspended' : 'resumed'}`,
          isSo: ({ spec }) => spec.suspend === to,
          patch: (version) => specPatch(version, { suspend: to }),
          sentence: `${nameOf(ref)} is ${to ? 'suspended' : 'resumed'}`,
        },
        options,
        signal,
      ),

    setUnschedulable: (name, { to, expected }, options, signal) =>
      guardedWrite(
        api,
        {
          path: nodePath(name),
          schema: Node,
          uid: expected.uid,
          differs: ({ spec }) =>
            spec.unschedulable === expected.is
              ? null
              : `It was ${spec.unschedulable ? 'cordoned' : 'uncordoned'}`,
          isSo: ({ spec }) => spec.unschedulable === to,
          // Without the member, as kubectl leaves it.
          patch: (version) => specPatch(version, { unschedulable: to ? true : null }),
          sentence: `The node ${name} takes ${to ? 'no new pods' : 'new pods again'}`,
        },
        options,
        signal,
      ),

    evict: (ref, expected, options, signal) => evict(api, ref, expected, options, signal),
    budgetAllows: (ref, signal) => budgetAllows(api, ref, signal),

    setSelectorValue: (ref, { key, to, expected }, options, signal) =>
      setMember(
        api,
        {
          path: objectPath('Service', ref),
          schema: Service,
          map: '/spec/selector',
          entries: ({ spec }) => spec.selector,
          key,
          to,
          expected,
          sentence: `${nameOf(ref)} selects pods with ${key}=${to}, was ${expected.value ?? 'not set'}`,
        },
        options,
        signal,
      ),

    setRouteWeights: (ref, { rule, to, expected }, options, signal) =>
      guardedWrite(
        api,
        {
          path: objectPath('HTTPRoute', ref),
          schema: HttpRoute,
          uid: expected.uid,
          differs: ({ spec }) =>
            isSplit(spec.rules[rule]?.backendRefs, expected.backends)
              ? null
              : 'Its backends or their weights were changed in the meantime',
          isSo: ({ spec }) => isSplit(spec.rules[rule]?.backendRefs, to),
          patch: ({ uid, resourceVersion }) => ({
            type: 'json-patch',
            body: [
              { op: 'test', path: '/metadata/uid', value: uid },
              { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
              ...to.map(({ weight }, index) => ({
                op: 'add',
                path: `/spec/rules/${rule}/backendRefs/${index}/weight`,
                value: weight,
              })),
            ],
          }),
          sentence: `${nameOf(ref)} splits ${to.map(({ name, weight }) => `${name} ${weight}`).join(', ')}`,
        },
        options,
        signal,
      ),

    setConfigKey: (ref, { key, to, expected }, options, signal) =>
      setMember(
        api,
        {
          path: configMapPath(ref),
          schema: ConfigMap,
          map: '/data',
          entries: ({ data }) => data,
          key,
          to,
          expected,
          sentence: `${nameOf(ref)} has ${key} ${to === null ? 'no longer set' : 'as it was asked'}`,
        },
        options,
        signal,
      ),

    setIngressWeight: (ref, { annotation, to, expected }, options, signal) =>
      setMember(
        api,
        {
          path: ingressPath(ref),
          schema: Ingress,
          map: '/metadata/annotations',
          entries: ({ metadata }) => metadata.annotations,
          key: annotation,
          to,
          expected,
          sentence: `${nameOf(ref)} publishes the weight ${to}, was ${expected.value ?? 'none'}`,
        },
        options,
        signal,
      ),

    markRestart: (ref, { to, expected }, options, signal) =>
      setMember(
        api,
        {
          path: workloadPath(ref),
          schema: Workload,
          map: '/spec/template/metadata/annotations',
          entries: ({ spec }) => spec.template.metadata.annotations ?? {},
          key: restartMark,
          to,
          expected,
          sentence: `${nameOf(ref)} replaces its pods`,
        },
        options,
        signal,
      ),
  };
}

/** Whether these are the same backends in the same order with the same weights. */
const isSplit = (one: readonly RouteBackend[] | undefined, other: readonly RouteBackend[]): boolean =>
  one?.length === other.length &&
  one.every(({ name, weight }, index) => name === other[index]?.name && weight === other[index]?.weight);

function differenceOf(
  { metadata, spec }: Deployment,
  expected: { uid: string; templateDigest: string },
): string | null {
  if (metadata.uid !== expected.uid) return 'The object was deleted and made again';
  return templateDigest(spec.template) === expected.templateDigest
    ? null
    : 'Its pod template was changed in the meantime';
}

function obstacleTo(
  deployment: Deployment,
  held: ReplicaSet | undefined,
  revision: number,
  isTrial: boolean,
): string | null {
  const name = nameOf(deployment.metadata);
  if (!held) return `${name} no longer holds revision ${revision}`;
  if (deployment.spec.paused) return `${name} is paused; its rollout must be resumed first`;
  if (!isTrial && templateDigest(held.spec.template) === templateDigest(deployment.spec.template)) {
    return `${name} already has the pod template of revision ${revision}`;
  }
  return null;
}

/**
 * What `kubectl rollout undo` does: the template whole (a merge would keep what the newer one had added) and the change
 * cause that belongs to it. The tests make the server refuse when the object or its spec is not the one that was read.
 */
function rollBackPatch({ metadata }: Deployment, held: ReplicaSet): object[] {
  return [
    { op: 'test', path: '/metadata/uid', value: metadata.uid },
    { op: 'test', path: '/metadata/generation', value: metadata.generation },
    { op: 'replace', path: '/spec/template', value: ownTemplate(held.spec.template) },
    ...causePatch(metadata.annotations, held.metadata.annotations[annotationNames.changeCause]),
  ];
}

function causePatch(annotations: Record<string, string>, value: string | undefined): object[] {
  const path = '/metadata/annotations/kubernetes.io~1change-cause';
  if (value !== undefined && Object.keys(annotations).length > 0) return [{ op: 'add', path, value }];
  return value === undefined && annotationNames.changeCause in annotations ? [{ op: 'remove', path }] : [];
}

const nameOf = ({ namespace, name }: ObjectRef) => `${namespace}/${name}`;

const versionText = ({ spec }: ReplicaSet) => {
  const version = versionOf(spec.template);
  return version === null ? '' : ` (${version})`;
};
