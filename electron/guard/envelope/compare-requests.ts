import type { EnvelopeDiff } from '../../../shared/vocabulary/envelope.ts';
import { mayBeOffered } from '../may-be-offered.ts';
import { compareEnvelopes, type TableChange } from '../truth-table/compare-tables.ts';
import type { DocumentChange } from './compare-documents.ts';
import type { LoadedEnvelope } from './loaded-envelope.ts';

/** The first so many are spelled out; the numbers count them all. */
const MOST_TOLD = 40;
const MOST_TARGETS = 3;

export type ComparedRequests = { requests: EnvelopeDiff['requests']; widened: string[] };

/** Which kinds of request are answered otherwise, from the truth tables of both; and the actions that may do more. */
export function compareRequests(older: LoadedEnvelope, newer: LoadedEnvelope): ComparedRequests {
  const changes = compareEnvelopes(older, newer);
  const wider = changes.filter(({ direction }) => direction === 'wider');
  return {
    requests: {
      wider: wider.length,
      narrower: changes.length - wider.length,
      examples: [...wider, ...changes.filter(({ direction }) => direction === 'narrower')]
        .slice(0, MOST_TOLD)
        .map((change) => ({ effect: change.direction, sentence: inWords(change) })),
    },
    widened: [...new Set(wider.flatMap(({ actions }) => actions))].sort(),
  };
}

/**
 * Whose evidence is to stand beside an edit: of the actions that may do more by the tables, or of all that may be offered
 * where something became wider that no table knows, as a limit.
 */
export const actionsToVouchFor = (
  newer: LoadedEnvelope,
  changes: readonly DocumentChange[],
  widened: readonly string[],
): readonly string[] =>
  widened.length === 0 && changes.some(({ effect }) => effect === 'wider')
    ? mayBeOffered(newer).map(({ action }) => action)
    : widened;

function inWords({ actions, targets, when, from, to }: TableChange): string {
  const left = targets.length - MOST_TARGETS;
  const on = `${targets.slice(0, MOST_TARGETS).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
  const given = when.map((values) => values.join(' or ')).join(', ');
  return `${actions.join(', ')} on ${on}${given === '' ? '' : ` where ${given}`}: ${to}, was ${from}`;
}
