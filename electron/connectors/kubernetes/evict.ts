import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import { type HttpReply, jsonIn } from '../../platform/http-reply.ts';
import { notApplied, reading, said, writing } from '../one-write.ts';
import type { ObjectRef, WriteOptions, WriteResult } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { allPath, objectPath } from './paths.ts';
import { coveringOf } from './pod-reader.ts';
import { DisruptionBudget, isReady, Pod } from './surroundings.ts';
import { parametersOf } from './write-parameters.ts';

/**
 * Asks the API to evict one pod (policy/v1 Eviction). The server checks the disruption budgets and refuses with 429, which
 * is no rate limit and is not tried again. By the uid it refuses a pod that has come to bear the same name.
 */
export async function evict(
  api: ClusterApi,
  ref: ObjectRef,
  { uid }: { uid: string },
  options: WriteOptions,
  signal: AbortSignal,
): Promise<WriteResult> {
  const { namespace, name } = ref;
  const path = objectPath('Pod', ref);
  const read = await reading(() => podIfThere(api, ref, signal));
  if ('because' in read) return notApplied(read.because);
  const pod = read.value?.metadata;
  if (!pod) return { ...notApplied('The pod is gone already'), gone: true };
  if (pod.uid !== uid) return { ...notApplied('Another pod has come to bear that name'), gone: true };
  if (pod.deletionTimestamp) return { ...notApplied('The pod is on its way out already'), gone: true };
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid }, ...(options.dryRun ? { dryRun: ['All'] } : {}) },
  };
  let budget: string | null = null;
  const result = await writing({
    send: async () => {
      const parameters = parametersOf(options);
      const reply = await api.post(`${path}/eviction`, { body, parameters }, signal);
      budget = budgetIn(reply);
      return reply;
    },
    confirms: (reply) => Success.safeParse(jsonIn(reply)).success,
    sentence: said(options, `${namespace}/${name} is evicted`),
  });
  return budget === null ? result : { kind: 'not-applied', because: budget, budget: true };
}

async function podIfThere(api: ClusterApi, ref: ObjectRef, signal: AbortSignal): Promise<Pod | null> {
  try {
    return await api.get(Pod, objectPath('Pod', ref), signal);
  } catch (error) {
    if (error instanceof Failure && error.code === 'not_found') return null;
    throw error;
  }
}

const Success = z.object({ kind: z.literal('Status'), status: z.literal('Success') });
const OverBudget = z.object({
  details: z.object({
    causes: z
      .array(z.object({ reason: z.literal('DisruptionBudget'), message: z.string().default('') }))
      .min(1),
  }),
});

/** The server's word that a budget forbids it, or null for any other answer. */
function budgetIn(reply: HttpReply): string | null {
  if (reply.status !== 429) return null;
  try {
    const told = OverBudget.safeParse(jsonIn(reply)).data?.details.causes[0];
    return told ? `A disruption budget does not allow it now (429): "${told.message.slice(0, 200)}"` : null;
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

const pollMs = 250;

/**
 * Reads until the budgets that cover a pod allow a disruption; false once the signal ends it, or where there is no pod. One
 * that does not serve is for the server to judge: it may go as long as enough others do.
 */
export async function budgetAllows(api: ClusterApi, ref: ObjectRef, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const allowed = await reading(() => allowedNow(api, ref, signal));
    if ('because' in allowed) return false;
    if (allowed.value) return true;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

async function allowedNow(api: ClusterApi, ref: ObjectRef, signal: AbortSignal): Promise<boolean> {
  const [pod, budgets] = await Promise.all([
    api.get(Pod, objectPath('Pod', ref), signal),
    api.list(DisruptionBudget, allPath('PodDisruptionBudget', ref.namespace), signal),
  ]);
  return (
    !isReady(pod) || coveringOf(budgets.items, pod).every(({ disruptionsAllowed }) => disruptionsAllowed > 0)
  );
}
