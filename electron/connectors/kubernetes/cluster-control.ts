import { jsonIn } from '../../platform/http-reply.ts';
import { notApplied, reading, said, writing } from '../one-write.ts';
import type { ClusterControl, ObjectRef } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { readDeployment } from './cluster-reader.ts';
import { configMapPath, deploymentPath, ingressPath, workloadPath } from './paths.ts';
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
import { restartMark } from './workload-reader.ts';
import { parametersOf } from './write-parameters.ts';

/**
 * The writes. INVARIANT: each call sends at most one writing request, tied to the object as it was read in the same
 * breath, and never sends it again, whatever comes back.
 */
export function clusterControl(api: ClusterApi): ClusterControl {
  return {
    async rollTo(ref, revision, options, signal) {
      const read = await reading(() => readDeployment(api, ref, signal));
      if ('because' in read) return notApplied(read.because);
      const { deployment, sets } = read.value;
      const held = sets.find((set) => revisionOf(set) === revision);
      const obstacle = obstacleTo(deployment, held, revision);
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

    async scaleTo(ref, replicas, options, signal) {
      const path = `${deploymentPath(ref)}/scale`;
      const read = await reading(() => api.get(Scale, path, signal));
      if ('because' in read) return notApplied(read.because);
      const before = read.value;
      // With its uid in the patch the server refuses if the name has come to mean another object.
      const body = { metadata: { uid: before.metadata.uid }, spec: { replicas } };
      return writing({
        send: () => api.patch(path, { type: 'merge-patch', body, parameters: parametersOf(options) }, signal),
        confirms: (reply) => {
          const json = jsonIn(reply);
          const after = Scale.safeParse(json).data;
          return after?.metadata.uid === before.metadata.uid && after.spec.replicas === replicas;
        },
        sentence: said(options, `${nameOf(ref)} wants ${replicas} replicas, was ${before.spec.replicas}`),
      });
    },

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

function obstacleTo(deployment: Deployment, held: ReplicaSet | undefined, revision: number): string | null {
  const name = nameOf(deployment.metadata);
  if (!held) return `${name} no longer holds revision ${revision}`;
  if (deployment.spec.paused) return `${name} is paused; its rollout must be resumed first`;
  if (templateDigest(held.spec.template) === templateDigest(deployment.spec.template)) {
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
