import { z } from 'zod';
import type { ObjectStore } from '../cluster/object-store.ts';
import type { Pod } from '../cluster/objects.ts';
import { isReady, isTerminating } from '../cluster/pods.ts';
import type { PodDisruptionBudget } from '../cluster/surroundings.ts';
import { terminate } from '../cluster/terminate.ts';
import { isDryRun } from './dry-run.ts';
import type { Resource } from './resources.ts';
import { badRequest, conflictOf, internalError, notFound, overBudget, success } from './status.ts';

const Preconditions = z
  .looseObject({ uid: z.string().optional(), resourceVersion: z.string().optional() })
  .optional();
const DeleteOptions = z.looseObject({
  dryRun: z.array(z.string()).optional(),
  preconditions: Preconditions,
  gracePeriodSeconds: z.number().int().nonnegative().optional(),
});
const Eviction = z.looseObject({
  kind: z.literal('Eviction').optional(),
  metadata: z.looseObject({ name: z.string().optional(), namespace: z.string().optional() }).default({}),
  deleteOptions: DeleteOptions.optional(),
});

type Place = { store: ObjectStore; resource: Resource; namespace: string | undefined; name: string };

/** Deletes a pod unless a disruption budget needs it where it is (API-initiated eviction). */
export function evictPod(place: Place, query: URLSearchParams, body: unknown, atMs: number): object {
  const { store, resource, namespace, name } = place;
  const pod = store.get('Pod', namespace, name);
  if (!pod) throw notFound(resource, name);
  const { data: eviction } = Eviction.safeParse(body);
  if (!eviction) throw badRequest('the object provided is unrecognized (must be of type Eviction)');
  if ((eviction.metadata.name ?? name) !== name)
    throw badRequest('name in URL does not match name in Eviction object');
  meets(resource, pod, eviction.deleteOptions?.preconditions);

  const dryRun = isDryRun(dryRunOf(query, eviction.deleteOptions?.dryRun), 'DeleteOptions');
  const budgets = store.list('PodDisruptionBudget', namespace).filter((budget) => covers(budget, pod));
  const [budget, second] = budgets;
  if (second) {
    throw internalError(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  // A pod that runs nothing, or goes as it is, disrupts nothing.
  if (budget && pod.status.phase === 'Running' && !isTerminating(pod))
    spend(store, budget, pod, dryRun, atMs);
  if (!dryRun) terminate(store, pod, atMs, graceOf(query, eviction.deleteOptions?.gracePeriodSeconds));
  return { ...success, code: 201 };
}

/** Deletes a pod, budget or not. */
export function deletePod(place: Place, query: URLSearchParams, body: unknown, atMs: number): object {
  const { store, resource, namespace, name } = place;
  const pod = store.get('Pod', namespace, name);
  if (!pod) throw notFound(resource, name);
  const { data: options } = DeleteOptions.optional().safeParse(body ?? undefined);
  meets(resource, pod, options?.preconditions);
  const graceSeconds = graceOf(query, options?.gracePeriodSeconds);
  if (isDryRun(dryRunOf(query, options?.dryRun), 'DeleteOptions')) return pod;
  return terminate(store, pod, atMs, graceSeconds);
}

/** How long a pod may take to stop, where a client says so. */
function graceOf(query: URLSearchParams, inBody: number | undefined): number | undefined {
  const text = query.get('gracePeriodSeconds') ?? '';
  if (text === '') return inBody;
  if (!/^\d+$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return inBody ?? Number(text);
}

const dryRunOf = (query: URLSearchParams, asked: readonly string[] = []): URLSearchParams =>
  new URLSearchParams(
    [...query.getAll('dryRun'), ...asked].map((value): [string, string] => ['dryRun', value]),
  );

function meets(resource: Resource, { metadata }: Pod, conditions: z.infer<typeof Preconditions>): void {
  for (const [field, word] of [
    ['uid', 'UID'],
    ['resourceVersion', 'ResourceVersion'],
  ] as const) {
    const wanted = conditions?.[field];
    if (wanted === undefined || wanted === metadata[field]) continue;
    const why = `the ${word} in the precondition (${wanted}) does not match the ${word} in record (${metadata[field]}). The object might have been deleted and then recreated`;
    throw conflictOf(resource, metadata.name, why);
  }
}

function covers({ spec }: PodDisruptionBudget, { metadata }: Pod): boolean {
  const labels = metadata.labels ?? {};
  return Object.entries(spec.selector.matchLabels).every(([label, value]) => labels[label] === value);
}

function spend(
  store: ObjectStore,
  budget: PodDisruptionBudget,
  pod: Pod,
  dryRun: boolean,
  atMs: number,
): void {
  const { disruptionsAllowed, currentHealthy, desiredHealthy } = budget.status;
  // Who is not healthy may go as long as enough others are.
  if (!isReady(pod) && currentHealthy >= desiredHealthy) return;
  if (disruptionsAllowed < 1) throw overBudget(budget.metadata.name, currentHealthy, desiredHealthy);
  if (dryRun) return;
  const status = { ...budget.status, disruptionsAllowed: disruptionsAllowed - 1 };
  store.put<'PodDisruptionBudget'>({ ...budget, status }, atMs);
}
