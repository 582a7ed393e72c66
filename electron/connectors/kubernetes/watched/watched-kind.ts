import type { z } from 'zod';
import type { FieldDiff, Observation } from '../../../../shared/vocabulary/event.ts';
import type { MayShow } from '../sent-object.ts';
import { fieldInWords } from './field-in-words.ts';

/**
 * One kind of object that is watched for what happens to it. Of each object only `Facts` are remembered, a few hundred bytes,
 * so that a cluster of tens of thousands fits into memory.
 */
export type WatchedKind<Item, Facts> = {
  /** What it is called in sentences about what cannot be seen, such as `config maps`. */
  title: string;
  /** The whole collection. */
  path: string;
  schema: z.ZodType<Item>;
  /** Null for an object that tells nothing, such as a lease in the shape of a ConfigMap. */
  factsOf(item: Item): Facts | null;
  /** What may be shown of an object as it was sent, beside what may be shown of every object. */
  mayShow?(item: Item): MayShow;
  /** What happened between two states; `before` is null for a new object, `after` for one that is gone. */
  between(before: Facts | null, after: Facts | null, at: Seen): Observation[];
  /** What an object tells by itself of its last day: what was there before nobody says. */
  past(facts: Facts, at: Seen): Observation[];
};

/** When something is looked at, and in whose name it is told. */
export type Seen = { nowMs: number; source: string };

/** Where an object is, as observations name it. */
export type Subject = { kind: string; namespace: string; name: string };

export const objectLabel = ({ kind, name }: Pick<Subject, 'kind' | 'name'>): string => `${kind}/${name}`;

/** `pool.size 40 → 4`, the first few, for a title; of a file the line, and of what is long how much. */
export function inWords(diff: readonly FieldDiff[], most = 2): string {
  const some = diff.slice(0, most).map(fieldInWords);
  const rest = diff.length - some.length;
  return [...some, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

/** A time of the API in milliseconds; null where there is none. */
export function timeIn(text: string | null | undefined): number | null {
  const atMs = Date.parse(text ?? '');
  return Number.isNaN(atMs) ? null : atMs;
}
