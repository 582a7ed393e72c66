import { z } from 'zod';
import type { ChangeKind } from '../../../../shared/vocabulary/kinds.ts';
import { deliveryOf } from '../delivery.ts';
import { type FieldPath, OwnedMeta, type Writer, writerOf } from '../field-writer.ts';
import { type Fields, fieldDiff } from './field-diff.ts';
import { type Delivery, objectChange, serviceIn } from './object-change.ts';
import { inWords, type Seen, type Subject, type WatchedKind } from './watched-kind.ts';

/** Objects that are what somebody wrote into them: a change of a field is a change of the system. */
export type Configured<Item extends { metadata: OwnedMeta }> = {
  kind: string;
  title: string;
  path: string;
  change: ChangeKind;
  schema: z.ZodType<Item>;
  /** The fields that count, as they are remembered; null for an object that tells nothing. */
  fieldsOf(item: Item): Fields | null;
  /** Whether the values of its data may be shown, of an object that has such. */
  maySeeData?(item: Item): boolean;
  /** Whose writers are asked who did it. */
  owned: readonly FieldPath[];
  /** The last write as far as the past can be rebuilt from it; by default whoever wrote one of `owned`. */
  lastWrite?(metadata: OwnedMeta): Writer | null;
  /** What it is about, where its own labels do not say it. */
  serviceOf?(item: Item): string | null;
  /** Whether a new one, or one that is gone, is a change by itself: a new workload is told as a rollout. */
  comesAndGoes: boolean;
  /** A sentence for what changed; the diff in words by default. */
  sentence?(subject: Subject, diff: ReturnType<typeof fieldDiff>): string | null;
};

type Facts = {
  subject: Subject;
  uid: string;
  version: string;
  fields: Fields;
  service: string | null;
  writer: Writer | null;
  lastWrite: Writer | null;
  delivery: Delivery | null;
  createdMs: number;
};

const dayMs = 86_400_000;
/** What is written within this of an object's birth is part of its making. */
const birthMs = 5_000;

export function configuredKind<Item extends { metadata: OwnedMeta }>(
  of: Configured<Item>,
): WatchedKind<Item, Facts> {
  const { kind, change, owned } = of;
  const tell = (facts: Facts, title: string, seen: Seen, more: Partial<Parameters<typeof objectChange>[0]>) =>
    objectChange(
      {
        change,
        subject: facts.subject,
        service: facts.service,
        version: facts.version,
        writer: facts.writer,
        delivery: facts.delivery,
        title,
        ...more,
      },
      seen,
    );

  return {
    title: of.title,
    path: of.path,
    schema: of.schema,

    factsOf(item) {
      const fields = of.fieldsOf(item);
      if (fields === null) return null;
      const { metadata } = item;
      return {
        subject: { kind, namespace: metadata.namespace, name: metadata.name },
        uid: metadata.uid,
        version: metadata.resourceVersion ?? '',
        fields,
        service: of.serviceOf?.(item) ?? serviceIn(metadata),
        writer: writerOf(metadata, owned),
        lastWrite: of.lastWrite ? of.lastWrite(metadata) : writerOf(metadata, owned),
        delivery: deliveryOf(metadata),
        createdMs: Date.parse(metadata.creationTimestamp),
      };
    },

    mayShow: (item) => ({ data: of.maySeeData?.(item) ?? false }),

    between(before, after, seen) {
      if (after === null) {
        if (!before || !of.comesAndGoes) return [];
        return [
          tell(before, `${nameOf(before)} was deleted`, seen, {
            writer: null,
            version: `${before.version}-gone`,
          }),
        ];
      }
      if (before === null || before.uid !== after.uid) {
        if (!of.comesAndGoes) return [];
        const writer = after.writer && { ...after.writer, atMs: after.createdMs };
        return [tell(after, `${nameOf(after)} was created${byWhom(after.writer)}`, seen, { writer })];
      }
      const diff = fieldDiff(before.fields, after.fields);
      if (diff.length === 0) return [];
      // A writer that stands there since before this change is not the one who made it.
      const writer = after.writer && after.writer.atMs > (before.writer?.atMs ?? 0) ? after.writer : null;
      const title = of.sentence?.(after.subject, diff) ?? `${nameOf(after)} changed: ${inWords(diff)}`;
      return [tell(after, `${title}${byWhom(writer)}`, seen, { writer, diff })];
    },

    past(facts, seen) {
      const { lastWrite: writer, createdMs } = facts;
      const isNew = seen.nowMs - createdMs < dayMs;
      const made =
        isNew && of.comesAndGoes
          ? [
              tell(facts, `${nameOf(facts)} was created${byWhom(writer)}`, seen, {
                writer: { by: writer?.by ?? 'somebody', atMs: createdMs },
              }),
            ]
          : [];
      if (writer === null || writer.atMs - createdMs < birthMs || seen.nowMs - writer.atMs > dayMs)
        return made;
      const says = `${nameOf(facts)} was written to${byWhom(writer)}; what stood there before is no longer held`;
      return [...made, tell(facts, says, seen, { writer })];
    },
  };
}

const nameOf = ({ subject: { kind, name } }: Facts): string => `${kind} ${name}`;
const byWhom = (writer: Writer | null): string => (writer === null ? '' : ` by ${writer.by}`);

/** A schema of an object of which only some members count. */
export const described = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ metadata: OwnedMeta, ...shape });
