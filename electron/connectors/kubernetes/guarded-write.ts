import type { z } from 'zod';
import { jsonIn } from '../../platform/http-reply.ts';
import { notApplied, reading, said, writing } from '../one-write.ts';
import type { WriteOptions, WriteResult } from '../source.ts';
import type { ClusterApi, Patch } from './cluster-api.ts';
import { parametersOf } from './write-parameters.ts';

type Stated = { metadata: { uid: string; resourceVersion?: string | undefined } };

/** The version of an object as it was just read: the server refuses the write (409) once it has another. */
export type Version = { uid: string; resourceVersion: string };

export type GuardedWrite<Item extends Stated> = {
  path: string;
  schema: z.ZodType<Item>;
  uid: string;
  /** Why it is no longer what was planned on, or null. */
  differs(item: Item): string | null;
  isSo(item: Item): boolean;
  patch(version: Version, item: Item): Patch;
  sentence: string;
};

/**
 * The last read, check and write of what a patch cannot compare by value, such as a member that the wire leaves out when it
 * is false. INVARIANT: one writing request at most; it states the version that was checked, so nothing can come between.
 */
export async function guardedWrite<Item extends Stated>(
  api: ClusterApi,
  { path, schema, uid, differs, isSo, patch, sentence }: GuardedWrite<Item>,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<WriteResult> {
  const read = await reading(() => api.get(schema, path, signal));
  if ('because' in read) return notApplied(read.because);
  const { metadata } = read.value;
  if (metadata.uid !== uid) return notApplied('The object was deleted and made again');
  const difference = differs(read.value);
  if (difference !== null) return notApplied(difference);
  // What undoes a change that has not happened asks for what stands there already: that is how it is tried.
  if (isSo(read.value) && !options.dryRun) return notApplied('It is so already');
  const { resourceVersion } = metadata;
  if (resourceVersion === undefined) {
    return notApplied('The server did not say which version of the object this is');
  }
  const { type, body } = patch({ uid, resourceVersion }, read.value);
  return writing({
    send: () => api.patch(path, { type, body, parameters: parametersOf(options) }, signal),
    confirms: (reply) => {
      const json = jsonIn(reply);
      const after = schema.safeParse(json).data;
      return after?.metadata.uid === uid && isSo(after);
    },
    sentence: said(options, sentence),
  });
}

/** A merge of one part of the spec, refused unless the object still has that version. */
export const specPatch = (version: Version, spec: object): Patch => ({
  type: 'merge-patch',
  body: { metadata: version, spec },
});
