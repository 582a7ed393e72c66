import type { z } from 'zod';
import { jsonIn } from '../../platform/http-reply.ts';
import { ownMember } from '../../platform/own-member.ts';
import { notApplied, reading, said, writing } from '../one-write.ts';
import type { Expected, WriteOptions, WriteResult } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { parametersOf } from './write-parameters.ts';

type Stated = { metadata: { uid: string; resourceVersion?: string | undefined } };

/** One member of a map of texts: what it is to become, and what it must still be. */
export type Member<Item extends Stated> = {
  path: string;
  schema: z.ZodType<Item>;
  /** JSON pointer of the map. */
  map: string;
  entries(item: Item): Record<string, string>;
  key: string;
  to: string | null;
  expected: Expected;
  sentence: string;
};

/**
 * Sets or removes one member by one JSON patch. INVARIANT: its tests make the server refuse unless the object is the one
 * that was planned on and the member holds exactly the planned value; a value that is to be absent no test can state, so
 * there the version of the object that was just read stands in for it.
 */
export async function setMember<Item extends Stated>(
  api: ClusterApi,
  member: Member<Item>,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<WriteResult> {
  const { path, schema, key, to, expected } = member;
  const read = await reading(() => api.get(schema, path, signal));
  if ('because' in read) return notApplied(read.because);
  const { metadata } = read.value;
  if (metadata.uid !== expected.uid) return notApplied('The object was deleted and made again');
  const held = ownMember(member.entries(read.value), key) ?? null;
  if (held !== expected.value) {
    return notApplied(`${key} was changed in the meantime`);
  }
  // What undoes a change that has not happened asks for what stands there already: that is how it is tried.
  if (held === to && !options.dryRun) return notApplied(`${key} is so already`);
  const body = patchOf(member, read.value);
  if (body === null) return notApplied('The server did not say which version of the object this is');
  return writing({
    send: () => api.patch(path, { type: 'json-patch', body, parameters: parametersOf(options) }, signal),
    confirms: (reply) => {
      const json = jsonIn(reply);
      const after = schema.safeParse(json).data;
      return after?.metadata.uid === expected.uid && (ownMember(member.entries(after), key) ?? null) === to;
    },
    sentence: said(options, member.sentence),
  });
}

function patchOf<Item extends Stated>(member: Member<Item>, item: Item): object[] | null {
  const { map, key, to, expected } = member;
  const { uid, resourceVersion } = item.metadata;
  const path = `${map}/${escaped(key)}`;
  const isSame = { op: 'test', path: '/metadata/uid', value: uid };
  if (expected.value !== null) {
    const holds = { op: 'test', path, value: expected.value };
    return [isSame, holds, to === null ? { op: 'remove', path } : { op: 'replace', path, value: to }];
  }
  if (to === null) return [isSame];
  if (resourceVersion === undefined) return null;
  const isVersion = { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion };
  const isEmpty = Object.keys(member.entries(item)).length === 0;
  const add = isEmpty ? { op: 'add', path: map, value: { [key]: to } } : { op: 'add', path, value: to };
  return [isSame, isVersion, add];
}

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
