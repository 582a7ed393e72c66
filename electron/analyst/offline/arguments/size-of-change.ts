import type { FieldDiff } from '../../../../shared/vocabulary/event.ts';
import { asMembers, evidence } from '../evidence.ts';
import type { ArgumentOf } from './argument.ts';

/** How much a number became of what it was, and what that says of a change that breaks something. */
const SIZES: readonly { upTo: number; config: number; scale: number; sentence: string }[] = [
  { upTo: 0.25, config: 4, scale: 4, sentence: 'It left less than a quarter' },
  { upTo: 0.5, config: 2, scale: 3, sentence: 'It left half or less' },
  { upTo: 0.999, config: 1.2, scale: 1.2, sentence: 'It left less than there was' },
  { upTo: 2, config: 0.5, scale: 0.25, sentence: 'It left more than there was' },
  { upTo: Number.POSITIVE_INFINITY, config: 1, scale: 0.25, sentence: 'It left much more than there was' },
];

/** Taking nearly all of something away breaks more than adding a little; more replicas never take room away. */
export const sizeOfChange: ArgumentOf = (change, { changes }) => {
  const { kind } = change;
  const facts = changes.get(change.id);
  const [only, ...others] = facts?.diff ?? [];
  if (!facts || !only || others.length > 0 || (kind !== 'config' && kind !== 'scale')) return null;
  const left = shareLeft(only);
  const size = left === null ? undefined : SIZES.find(({ upTo }) => left <= upTo);
  if (!size) return null;
  const { path, before, after } = only;
  const [cited] = evidence(
    `${size.sentence}: ${path} ${before} → ${after}`,
    facts,
    [asMembers({ path, before, after })],
    [change.id],
  );
  return cited ? { times: size[kind], evidence: cited } : null;
};

function shareLeft({ before, after }: FieldDiff): number | null {
  const [was, is] = [numberOf(before), numberOf(after)];
  return was === null || is === null || was === 0 || was === is ? null : is / was;
}

const numberOf = (text: string | null): number | null =>
  text !== null && /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : null;

/** A scaler acts on what it measures, so it follows trouble more often than it makes it. */
export const doneByAScaler: ArgumentOf = (change, { changes }) => {
  const facts = changes.get(change.id);
  const actor = facts?.actor ?? '';
  if (!facts || change.kind !== 'scale' || !/autoscaler/i.test(actor)) return null;
  const [cited] = evidence(
    'An autoscaler did it, by what it measured',
    facts,
    [asMembers({ actor })],
    [change.id],
  );
  return cited ? { times: FOLLOWS, evidence: cited } : null;
};
const FOLLOWS = 0.4;
