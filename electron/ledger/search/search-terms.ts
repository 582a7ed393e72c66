/** What the index keeps of an entry, and how a question is put to it. Pure: the tables are in `search-index.ts`. */
import { hash } from 'node:crypto';
import { Failure } from '../../platform/failure.ts';

/** A body of any kind of entry: the members that are looked at, none of them sure to be there or what it should be. */
export type Body = { readonly [name: string]: unknown } & {
  readonly [Name in
    | 'id'
    | 'read'
    | 'digest'
    | 'hypotheses'
    | 'target'
    | 'proposal'
    | 'envelope'
    | 'tool'
    | 'answer'
    | 'reason'
    | 'kind'
    | 'rules'
    | 'alert'
    | 'title'
    | 'sentence'
    | 'stated'
    | 'because'
    | 'command'
    | 'outcome']?: unknown;
};

/** The part of an entry that is indexed, read leniently: a damaged entry is the verifier's to report, not the index's. */
export type Indexed = {
  kind: string;
  incident: string | null;
  actorKind: string;
  actorName: string;
  body: Body;
};

/** Sorts of facet. `names` is an id that an entry was the first to give to something: a proposal, a read, an incident. */
export type Facet = 'kind' | 'incident' | 'actorKind' | 'actorName' | 'target' | 'names';

/**
 * A facet as one token, whatever its value holds; its private-use sign keeps it apart from the beginnings of words. Facets that are asked for together are kept
 * together too, so that two common ones that rarely meet need not be compared entry by entry.
 */
export function facetToken(...facets: readonly (readonly [Facet, string])[]): string {
  return `\ue000${hash('sha256', JSON.stringify(facets)).slice(0, 16)}`;
}

/** The tokens of everything an entry can be asked for by, other than its text. `targets` as from `targetNames`. */
export function facetTokens(entry: Indexed, targets: readonly string[]): string[] {
  const own: (readonly [Facet, string])[] = [
    ['actorKind', entry.actorKind],
    ['actorName', entry.actorName],
    ['kind', entry.kind],
    ...(entry.incident === null ? [] : [['incident', entry.incident] as const]),
  ];
  return [
    ...subsets(own).map((chosen) => facetToken(...chosen)),
    ...targets.map((target) => facetToken(['target', target])),
    ...namedIn(entry).map((id) => facetToken(['names', id])),
  ];
}

function subsets<T>(of: readonly T[]): T[][] {
  const found: T[][] = [];
  for (const item of of) found.push(...found.map((set) => [...set, item]), [item]);
  return found;
}

/** Ids that this entry introduces: later entries name them, and the chain of causes is found by them. */
export function namedIn({ kind, body }: Pick<Indexed, 'kind' | 'body'>): string[] {
  if (kind === 'proposal' || kind === 'escalation') return strings([body.id]);
  if (kind === 'incident.opened') return strings([body.id]);
  if (kind === 'read') return strings([body.read]);
  if (kind === 'envelope') return strings([body.digest]);
  if (kind === 'hypotheses') return strings(list(body.hypotheses).map((each) => record(each).id));
  return [];
}

/**
 * What an action aims at, in every form a person may ask for it: `name`, `namespace`, `cluster`, `namespace/name`,
 * `kind/name`, `cluster/namespace/name`; in lower case. Empty where an entry aims at nothing by itself.
 */
export function targetNames(body: Body): string[] {
  const { cluster, kind, namespace, name } = record(body.target);
  const forms = [
    [cluster],
    [namespace],
    [name],
    [namespace, name],
    [kind, name],
    [cluster, namespace, name],
  ].filter((parts) => parts.every((part) => typeof part === 'string' && part !== ''));
  return [...new Set(forms.map((parts) => parts.join('/').toLowerCase()))];
}

/** The proposal that an entry is about without repeating what it aims at. */
export const proposalOf = (body: Body): string | undefined => strings([body.proposal])[0];

/** Longer texts are found by their beginning. An entry has at most 65 535 bytes, so few are cut. */
const MOST_TEXT = 16_384;

/** All strings a body holds, one a line, keys left out. */
export function searchText(body: Body): string {
  const found: string[] = [];
  let left = MOST_TEXT;
  const collect = (value: unknown): void => {
    if (left <= 0) return;
    if (typeof value === 'string') {
      found.push(value.slice(0, left));
      left -= value.length + 1;
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  collect(body);
  // SQLite ends a text at a NUL.
  return found.join('\n').replaceAll('\0', ' ');
}

const MOST_TERMS = 32;
/** As many as the index keeps beginnings of: with fewer, half of all words would have to be put together first. */
const SHORTEST_BEGIN = 3;
const MOST_ASKED = 1000;

/**
 * A person's words as an FTS5 expression that cannot be anything else: all words must be there, `"in quotes"` as a
 * phrase, `begin*` as a beginning. Throws `bad_input` when nothing in it can be searched for.
 */
export function textExpression(asked: string): string {
  if (asked.length > MOST_ASKED)
    throw new Failure('bad_input', `The text to search for is longer than ${MOST_ASKED} characters.`);
  const terms = [...asked.replaceAll('\0', ' ').matchAll(/"([^"]*)"?(\*?)|([^\s"]+)/gu)]
    .map(([, phrase, star, word]) => ({
      text: phrase ?? word ?? '',
      isBegin: star === '*' || /\*$/.test(word ?? ''),
    }))
    // The tokenizer knows letters, digits and private-use signs; a phrase of none would match nothing.
    .filter(({ text }) => /[\p{L}\p{N}\p{Co}]/u.test(text));
  if (terms.length === 0 || terms.length > MOST_TERMS) {
    throw new Failure(
      'bad_input',
      `The text to search for needs a word of letters or digits, and at most ${MOST_TERMS} words; put a phrase in double quotes.`,
    );
  }
  if (terms.some(({ text, isBegin }) => isBegin && lastWordLength(text) < SHORTEST_BEGIN)) {
    throw new Failure(
      'bad_input',
      `The beginning of a word needs at least ${SHORTEST_BEGIN} letters before the *.`,
    );
  }
  const quoted = terms.map(({ text, isBegin }) => `"${text}"${isBegin ? ' *' : ''}`);
  return `text : (${quoted.join(' AND ')})`;
}

/** Letters and digits of the last word, as the tokenizer sees it: without accents. */
const lastWordLength = (text: string): number =>
  [
    ...(text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .match(/[\p{L}\p{N}\p{Co}]+/gu)
      ?.at(-1) ?? ''),
  ].length;

const record = (value: unknown): Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const strings = (values: readonly unknown[]): string[] =>
  values.filter((value) => typeof value === 'string' && value !== '') as string[];
