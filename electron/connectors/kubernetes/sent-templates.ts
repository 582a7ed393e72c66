import type { FieldDiff } from '../../../shared/vocabulary/event.ts';
import { HIDDEN } from '../../platform/secret-names.ts';
import { asControllerRevision } from './controller-revisions.ts';
import { type ReplicaSet, workloadOwning } from './resources.ts';
import { sentObject } from './sent-object.ts';

/**
 * The objects that keep the templates of a rollout, as far as they are held: `{ "after": …, "before": … }`, where what came
 * before is null when the cluster no longer holds it. What was rolled out stands first, since what is too long is cut at its
 * end. Variables show a value where the difference tells it.
 */
export function sentTemplates(
  { before, after }: { before: ReplicaSet | undefined; after: ReplicaSet },
  diff: readonly FieldDiff[],
): string {
  const isTold = (value: string | null) => !value?.includes(HIDDEN);
  const variables = new Set(
    diff.filter((field) => isTold(field.before) && isTold(field.after)).map(({ path }) => path),
  );
  const sent = (set: ReplicaSet) => sentObject(asKept(set), { variables });
  return `{"after":${sent(after)},"before":${before === undefined ? 'null' : sent(before)}}`;
}

const asKept = (set: ReplicaSet): object =>
  workloadOwning(set)?.kind === 'Deployment' ? set : asControllerRevision(set);
