import { z } from 'zod';
import { Meta } from './resources.ts';

/** What every object says of itself, with who owns which of its fields (structured-merge-diff, "FieldsV1"). */
export const OwnedMeta = Meta.extend({
  deletionTimestamp: z.string().nullish(),
  managedFields: z
    .array(
      z.object({
        manager: z.string().default(''),
        operation: z.string().default(''),
        time: z.string().nullish(),
        subresource: z.string().nullish(),
        fieldsV1: z.unknown().optional(),
      }),
    )
    .nullish()
    .transform((entries) => entries ?? []),
});
export type OwnedMeta = z.infer<typeof OwnedMeta>;

/** Who wrote something last, and when: as the API server keeps it, to the second. */
export type Writer = { by: string; atMs: number };

/** Where a field is in `fieldsV1`, such as `['f:spec', 'f:replicas']`. */
export type FieldPath = readonly string[];

/**
 * Who last wrote one of these fields, out of `managedFields`; null where nobody says. The API names the
 * program that wrote, not the person at it. An entry is dated by its last change, so that what a writer wrote before is dated
 * no earlier than what it wrote last.
 */
export function writerOf(
  { managedFields }: OwnedMeta,
  paths: readonly FieldPath[],
  through?: 'scale',
): Writer | null {
  const writers = managedFields.flatMap(({ manager, subresource, time, fieldsV1 }) => {
    const atMs = Date.parse(time ?? '');
    if (Number.isNaN(atMs) || subresource === 'status') return [];
    if (through !== undefined && subresource !== through) return [];
    if (!paths.some((path) => owns(fieldsV1, path))) return [];
    return [{ by: nameOf(manager, subresource ?? ''), atMs }];
  });
  return writers.sort((one, other) => other.atMs - one.atMs)[0] ?? null;
}

/** Scaled by the controller manager by way of `scale`: that is the autoscaler. */
const nameOf = (manager: string, subresource: string): string =>
  manager === 'kube-controller-manager' && subresource === 'scale'
    ? 'HorizontalPodAutoscaler'
    : manager.slice(0, 128) || 'somebody';

function owns(fields: unknown, [name, ...rest]: FieldPath): boolean {
  if (name === undefined) return true;
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, name)) return false;
  return owns((fields as Record<string, unknown>)[name], rest);
}
