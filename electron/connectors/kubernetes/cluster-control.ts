import { Failure } from '../../platform/failure.ts';
import { neverSent } from '../../platform/http-exchange.ts';
import { type HttpReply, isSuccess, jsonIn, saidIn } from '../../platform/http-reply.ts';
import type { ClusterControl, DeploymentRef, WriteOptions, WriteResult } from '../source.ts';
import type { ClusterApi, Parameters } from './cluster-api.ts';
import { deploymentPath, readDeployment } from './cluster-reader.ts';
import { ownTemplate, templateDigest, versionOf } from './pod-template.ts';
import { annotationNames, Deployment, type ReplicaSet, revisionOf, Scale } from './resources.ts';

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
        confirms: (json) => {
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
        confirms: (json) => {
          const after = Scale.safeParse(json).data;
          return after?.metadata.uid === before.metadata.uid && after.spec.replicas === replicas;
        },
        sentence: said(options, `${nameOf(ref)} wants ${replicas} replicas, was ${before.spec.replicas}`),
      });
    },
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

/** The longest field manager that the API takes. */
const maxManagerLength = 128;

function parametersOf({ intent, dryRun }: WriteOptions): Parameters {
  if (intent === '' || intent.length > maxManagerLength)
    throw new Error('an intent id of 1 to 128 characters is needed');
  return { fieldManager: intent, ...(dryRun ? { dryRun: 'All' } : {}) };
}

/** What is read before the write; a failure there means that nothing was sent. */
async function reading<T>(read: () => Promise<T>): Promise<{ value: T } | { because: string }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof Failure) return { because: `Nothing was sent. ${error.message}` };
    throw error;
  }
}

async function writing(write: {
  send: () => Promise<HttpReply>;
  /** Whether the answer shows the object as it was to become. */
  confirms: (json: unknown) => boolean;
  sentence: string;
}): Promise<WriteResult> {
  let reply: HttpReply;
  try {
    reply = await write.send();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (neverSent(error)) return notApplied(`Nothing was sent. ${error.message}`);
    return { kind: 'unknown', because: `${error.message} Whether it was done must be looked up.` };
  }
  if (isSuccess(reply)) {
    if (isConfirmed(reply, write.confirms)) return { kind: 'applied', sentence: write.sentence };
    return {
      kind: 'unknown',
      because: 'The server accepted the request, but its answer does not show the change.',
    };
  }
  return refusal(reply);
}

function isConfirmed(reply: HttpReply, confirms: (json: unknown) => boolean): boolean {
  try {
    return confirms(jsonIn(reply));
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** Answers that the API server gives before it has changed anything (Kubernetes API conventions, HTTP status codes). */
const refusals: Record<number, string> = {
  400: 'The server does not understand the request',
  401: 'The server does not accept the credentials',
  403: 'The server does not allow it with these credentials',
  404: 'The object is not there',
  409: 'The object was changed in the meantime',
  422: 'The object was changed in the meantime, or the server finds the change invalid',
  429: 'The server is too busy and turned the request away',
};

export function refusal(reply: HttpReply): WriteResult {
  const meaning = refusals[reply.status];
  const words = saidIn(reply);
  const quoted = words === '' ? '' : `: "${words}"`;
  if (meaning !== undefined) return notApplied(`${meaning} (${reply.status})${quoted}`);
  return {
    kind: 'unknown',
    because: `The server answered with status ${reply.status}${quoted}. Whether it was done must be looked up.`,
  };
}

const notApplied = (because: string): WriteResult => ({ kind: 'not-applied', because });

const said = ({ dryRun }: WriteOptions, fact: string) =>
  dryRun ? `In a trial run the server accepted it: ${fact}` : fact;

const nameOf = ({ namespace, name }: DeploymentRef) => `${namespace}/${name}`;

const versionText = ({ spec }: ReplicaSet) => {
  const version = versionOf(spec.template);
  return version === null ? '' : ` (${version})`;
};
