import { createHash } from 'node:crypto';
import { holdsSecret, withoutSecrets } from '../../platform/hide-secrets.ts';
import { HIDDEN, isSecret, namesSecret } from '../../platform/secret-names.ts';
import { isHiddenField } from './shown-value.ts';

/** What may be shown of one object beside what may be shown of every object. */
export type MayShow = {
  /** Values of a ConfigMap. */
  data?: boolean;
  /** Values of these variables, as `containers.app.env.POOL_SIZE`: a difference that is told names them already. */
  variables?: ReadonlySet<string>;
  /** Annotations that are hidden besides. */
  withoutAnnotations?: ReadonlySet<string>;
};

const MOST_LEVELS = 64;
/** A longer text is told by its beginning and its digest, so that the whole stays JSON and says what it is of. */
const MOST_CHARACTERS = 8_000;

/**
 * An object as its API server sent it, as text to be kept. INVARIANT: it holds no more than the connection may show. Of data
 * that may not be seen there are names and digests, as in the differences that are told; values of variables and header
 * fields, copies of the whole object in its annotations, and what is named like a secret are hidden. Left out is what says
 * nothing of what happened: which field each manager owns (`fieldsV1`; who they are and when they wrote stays), and the images
 * that a node holds.
 */
export function sentObject(object: unknown, may: MayShow = {}): string {
  const holdsData =
    isRecord(object) && ('binaryData' in object || ('data' in object && isTexts(object.data)));
  const hidesAnnotations = holdsData && may.data !== true;

  function shown(value: unknown, path: readonly string[], before: unknown): unknown {
    if (typeof value === 'string') return text(value, path, typeof before === 'string' ? before : undefined);
    if (typeof value !== 'object' || value === null) return value;
    if (path.length >= MOST_LEVELS) return HIDDEN;
    if (Array.isArray(value))
      return value.map((one, at) => shown(one, [...path, memberName(one) ?? String(at)], value[at - 1]));
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !isNoise(name, path))
        .map(([name, one]) => [name, shown(one, [...path, name], undefined)]),
    );
  }

  function text(value: string, path: readonly string[], before: string | undefined): string {
    const [name = '', holder = ''] = [path.at(-1), path.at(-2)];
    if (path.length === 2 && (holder === 'data' || holder === 'binaryData')) {
      if (namesSecret(name)) return HIDDEN;
      if (holder === 'data' && may.data === true) return told(value);
      return holdsSecret(value, { isFile: true }) ? HIDDEN : digestOf(value);
    }
    if (holder === 'annotations') {
      if (isSecret(name, value) || isCopy(name, value) || may.withoutAnnotations?.has(name)) return HIDDEN;
      return hidesAnnotations ? digestOf(value) : told(value);
    }
    if (isHiddenField(path, before) && !may.variables?.has(variableAt(path))) return HIDDEN;
    return told(value);
  }

  return JSON.stringify(shown(object, [], undefined)) ?? 'null';
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As a ConfigMap holds them; a ControllerRevision keeps a template under the same name. */
const isTexts = (data: unknown): boolean =>
  isRecord(data) && Object.values(data).every((value) => typeof value === 'string');

const isNoise = (name: string, path: readonly string[]): boolean =>
  (name === 'fieldsV1' && path.includes('managedFields')) ||
  (name === 'images' && path.join('.') === 'status');

/** Containers and variables are known by their name. */
const memberName = (one: unknown): string | null =>
  isRecord(one) && 'name' in one && typeof one.name === 'string' ? one.name : null;

/** The whole object as somebody applied it, by the names that kubectl and others give it, or by what it looks like. */
const isCopy = (name: string, value: string): boolean =>
  /(last-applied|original|applied)(-configuration)?$/.test(name) ||
  (/^\s*[{[]/.test(value) && /"(spec|data|stringData|binaryData)"\s*:/.test(value));

/** `…spec.containers.app.env.POOL_SIZE.value` as differences of pod templates name it. */
function variableAt(path: readonly string[]): string {
  const from = path.findIndex((name) => /^(initC|ephemeralC|c)ontainers$/.test(name));
  return path.slice(from, -1).join('.');
}

const told = (text: string): string => beginningOf(withoutSecrets(text, { isFile: true }));

const beginningOf = (text: string): string =>
  text.length <= MOST_CHARACTERS
    ? text
    : `${text.slice(0, MOST_CHARACTERS)}… (${text.length} characters, ${digestOf(text)})`;

/** Cut short of what would let a guess at a short value be checked with certainty. */
export const digestOf = (value: string): string =>
  `sha256:${createHash('sha256').update(value).digest('hex').slice(0, 16)}`;
