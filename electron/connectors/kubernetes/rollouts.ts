import type { ChangeObservation } from '../../../shared/vocabulary/event.ts';
import { boundedKey } from '../../platform/bounded-key.ts';
import { withoutSecrets } from '../../platform/hide-secrets.ts';
import { bounded } from '../bounded.ts';
import { deliveryOf } from './delivery.ts';
import { templateDiff, versionOf } from './pod-template.ts';
import { annotationNames, type ReplicaSet, revisionOf, workloadOwning } from './resources.ts';
import type { ReusedAt } from './reused-at.ts';
import { sentTemplates } from './sent-templates.ts';

/** With the objects that keep its templates, put into words where the fact is kept. */
export type Rollout = ChangeObservation & { raw: () => string };

/**
 * The rollouts that ReplicaSets tell of. A new template makes a new ReplicaSet, so its creation is the rollout; going
 * back re-uses the old ReplicaSet under a new revision, so that rollout is dated by `reusedAt`. Keys are
 * `deploy:<namespace>/<deployment>@<revision>`: the same rollout has the same key however it was learnt of. Those of other
 * workloads name their kind before it, since a StatefulSet may bear the name of a Deployment.
 */
export function rolloutsOf(
  sets: readonly ReplicaSet[],
  { source, reusedAt }: { source: string; reusedAt: ReusedAt },
): Rollout[] {
  return [...Map.groupBy(sets.filter(belongs), (set) => workloadOwning(set)?.uid).values()].flatMap(
    (family) => family.flatMap((set) => rolloutsOfSet(set, family, { source, reusedAt })),
  );
}

const belongs = (set: ReplicaSet) => workloadOwning(set) !== undefined && revisionOf(set) > 0;

function rolloutsOfSet(
  set: ReplicaSet,
  family: readonly ReplicaSet[],
  { source, reusedAt }: { source: string; reusedAt: ReusedAt },
): Rollout[] {
  const owner = workloadOwning(set);
  const deployment = owner?.name ?? '';
  const kind = owner?.kind ?? 'Deployment';
  const { namespace } = set.metadata;
  const createdMs = Date.parse(set.metadata.creationTimestamp);
  const describe = (revision: number, atMs: number, reused: boolean) =>
    rollout({ set, before: predecessor(family, revision), kind, deployment, revision, atMs, reused, source });
  if (!isReused(set, family)) return [describe(revisionOf(set), createdMs, false)];

  const first = Number(set.metadata.annotations[annotationNames.revisionHistory]?.split(',')[0]);
  const reusedMs = reusedAt(set, { namespace, name: deployment });
  return [
    ...(Number.isSafeInteger(first) && first > 0 ? [describe(first, createdMs, false)] : []),
    ...(reusedMs === null ? [] : [describe(revisionOf(set), reusedMs, true)]),
  ];
}

/** It says so itself, or a ReplicaSet with a lower revision is younger. */
function isReused(set: ReplicaSet, family: readonly ReplicaSet[]): boolean {
  if (set.metadata.annotations[annotationNames.revisionHistory]) return true;
  const bornMs = Date.parse(set.metadata.creationTimestamp);
  return family.some(
    (other) => revisionOf(other) < revisionOf(set) && Date.parse(other.metadata.creationTimestamp) > bornMs,
  );
}

/** What ran before that revision, as far as it is still held under its own number. */
const predecessor = (family: readonly ReplicaSet[], revision: number): ReplicaSet | undefined =>
  family
    .filter((other) => revisionOf(other) < revision)
    .reduce<ReplicaSet | undefined>(
      (best, other) => (best && revisionOf(best) > revisionOf(other) ? best : other),
      undefined,
    );

function rollout(facts: {
  set: ReplicaSet;
  before: ReplicaSet | undefined;
  kind: string;
  deployment: string;
  revision: number;
  atMs: number;
  reused: boolean;
  source: string;
}): Rollout {
  const { set, before, kind, deployment, revision, atMs, reused, source } = facts;
  const isDeployment = kind === 'Deployment';
  const delivery = deliveryOf(set.metadata);
  const { namespace, annotations } = set.metadata;
  const version = versionOf(set.spec.template);
  const diff = before ? templateDiff(before.spec.template, set.spec.template) : [];
  const cause = annotations[annotationNames.changeCause];
  const said = [
    ...(cause ? [`Change cause: ${withoutSecrets(cause)}`] : []),
    ...(delivery ? [delivery.sentence] : []),
  ];
  const actor = annotations[annotationNames.actor];
  return {
    key: boundedKey(`deploy:${namespace}/${isDeployment ? '' : `${kind}/`}${deployment}@${revision}`),
    kind: 'change',
    change: 'deploy',
    atMs,
    service: deployment,
    title: bounded(
      `${titleOf({ deployment, version, reused, onlyRestarted: isRestart(diff) })} (revision ${revision})`,
      500,
    ),
    ...(said.length > 0 ? { detail: bounded(said.join('\n'), 4_000) } : {}),
    ...(actor ? { actor } : {}),
    source,
    labels: {
      ...(version === null ? {} : { version }),
      namespace,
      ...(isDeployment ? {} : { object: `${kind}/${deployment}` }),
      ...delivery?.labels,
    },
    diff,
    raw: () => sentTemplates({ before, after: set }, diff),
  };
}

function titleOf(what: {
  deployment: string;
  version: string | null;
  reused: boolean;
  onlyRestarted: boolean;
}): string {
  const { deployment, version, reused, onlyRestarted } = what;
  if (reused) return `${deployment} rolled back${version === null ? '' : ` to ${version}`}`;
  if (onlyRestarted) return `${deployment} restarted`;
  return `${deployment}${version === null ? '' : ` ${version}`} rolled out`;
}

const isRestart = (diff: readonly { path: string }[]) =>
  diff.length > 0 && diff.every(({ path }) => path === 'annotations.kubectl.kubernetes.io/restartedAt');
