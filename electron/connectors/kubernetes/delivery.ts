import { type Marked, ownershipOf } from './ownership.ts';

/** Who delivers an object, as the timeline tells it beside a change; null for what nobody is known to deliver. */
export function deliveryOf(meta: Marked): { sentence: string; labels: Record<string, string> } | null {
  const ownership = ownershipOf(meta);
  if (ownership === null) return null;
  const { by, repository, revision, sentence } = ownership;
  return {
    sentence,
    labels: {
      'managed-by': by,
      ...(repository === null ? {} : { repository }),
      ...(revision === null ? {} : { 'repository-revision': revision }),
    },
  };
}
