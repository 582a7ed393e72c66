import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Difference, Proposal } from '../../shared/vocabulary/proposal.ts';

type Facts = Proposal['seen'];

/** Lower-case hex SHA-256 over the RFC 8785 form of the facts that a proposal rests on. */
export function digestOfFacts(seen: Facts): string {
  const text = canonicalize(seen);
  if (text === undefined) throw new Error('Facts of a target are JSON');
  return createHash('sha256').update(text).digest('hex');
}

/** The identity of the object that they are about, where its system gives one. */
export const uidIn = (seen: Facts): string | null => {
  const uid = seen['uid'];
  return typeof uid === 'string' ? uid : null;
};

/** What of the facts is otherwise now, field by field, in the order of their names. */
export function differencesBetween(was: Facts, is: Facts): Difference[] {
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return fields
    .map((field) => ({ field, was: inWords(was[field]), is: inWords(is[field]) }))
    .filter((difference) => difference.was !== difference.is);
}

/** Long values (a whole ConfigMap) are told apart by their digest; the card has no room for both. */
function inWords(value: Facts[string] | undefined): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : (canonicalize(value) ?? '');
  if (text.length <= MOST_CHARACTERS) return text;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return `${text.slice(0, MOST_CHARACTERS)}… (${text.length} characters, ${digest})`;
}

const MOST_CHARACTERS = 200;
