import type { Intent } from '../state/intents.ts';
import type { EvidenceTab } from '../state/view.ts';
import { MODIFIER_KEY } from '../ui/modifier-key.ts';
import type { PlaceName } from './router.ts';

/** What a key asks for. None of them approves: `proposal.approve` only opens or focuses the approval. */
export type KeyAction =
  | { kind: 'place'; place: PlaceName }
  | { kind: 'tab'; tab: EvidenceTab }
  | { kind: 'intent'; intent: Intent }
  | { kind: 'dialog'; dialog: 'palette' | 'keys' | 'stop' | 'handOver' };

export type Press = {
  key: string;
  code: string;
  ctrlOrMeta: boolean;
  shift: boolean;
  alt: boolean;
  /** The focus is where characters are typed. */
  typing: boolean;
  /** A dialog is open and has the keyboard. */
  inDialog: boolean;
};

/** `g` was pressed and the next key says where to go. */
export type KeyState = { goingTo: boolean };

const PLACES: Record<string, KeyAction> = {
  i: { kind: 'place', place: 'incidents' },
  t: { kind: 'intent', intent: 'timeline.focus' },
  c: { kind: 'tab', tab: 'correlation' },
  m: { kind: 'tab', tab: 'metrics' },
  a: { kind: 'tab', tab: 'analyst' },
  p: { kind: 'tab', tab: 'memory' },
  l: { kind: 'place', place: 'ledger' },
  r: { kind: 'place', place: 'report' },
  s: { kind: 'place', place: 'settings' },
  e: { kind: 'place', place: 'envelope' },
};

const intent = (name: Intent): KeyAction => ({ kind: 'intent', intent: name });

const KEYS: Record<string, KeyAction> = {
  j: intent('timeline.next'),
  k: intent('timeline.previous'),
  '[': intent('candidates.previous'),
  ']': intent('candidates.next'),
  '/': intent('timeline.search'),
  n: intent('timeline.note'),
  a: intent('proposal.approve'),
  d: intent('proposal.deny'),
  b: intent('proposal.backOut'),
  h: { kind: 'dialog', dialog: 'handOver' },
  '?': { kind: 'dialog', dialog: 'keys' },
};

/** Pure: the action of a key press and what the next one means. Stop and palette work everywhere, the rest not while typing. */
export function pressed(state: KeyState, press: Press): { state: KeyState; action: KeyAction | null } {
  const idle: KeyState = { goingTo: false };
  if (press.ctrlOrMeta && press.shift && press.code === 'Period') {
    return { state: idle, action: { kind: 'dialog', dialog: 'stop' } };
  }
  if (press.ctrlOrMeta && !press.shift && !press.alt && press.key.toLowerCase() === 'k') {
    return { state: idle, action: { kind: 'dialog', dialog: 'palette' } };
  }
  if (press.typing || press.inDialog || press.ctrlOrMeta || press.alt) return { state: idle, action: null };
  if (press.key === 'Shift') return { state, action: null };
  if (state.goingTo) return { state: idle, action: own(PLACES, press.key) };
  if (press.key === 'g') return { state: { goingTo: true }, action: null };
  return { state: idle, action: own(KEYS, press.key) };
}

const own = (table: Record<string, KeyAction>, key: string): KeyAction | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null;

/** For the dialog that lists them. */
export const keyHelp: readonly { keys: string; does: string }[] = [
  { keys: `${MODIFIER_KEY} K`, does: 'Open the command palette' },
  { keys: `${MODIFIER_KEY} Shift .`, does: 'Stop everything (asks once)' },
  { keys: 'j / k', does: 'Next, previous event of the timeline' },
  { keys: '[ / ]', does: 'Previous, next candidate' },
  { keys: '/', does: 'Search the timeline' },
  { keys: 'n', does: 'Write a note' },
  { keys: 'a', does: 'Open the approval of the focused or first open proposal; never approves by itself' },
  { keys: 'd', does: 'Deny the focused or first open proposal (asks why)' },
  { keys: 'b', does: 'Back out the focused or last executed proposal' },
  { keys: 'h', does: 'Hand over: what the next commander has to know, copied' },
  { keys: 'g i', does: 'Go to incidents' },
  { keys: 'g t', does: 'Go to the timeline' },
  { keys: 'g c', does: 'Go to correlation' },
  { keys: 'g m', does: 'Go to metrics' },
  { keys: 'g a', does: 'Go to the analyst' },
  { keys: 'g p', does: 'Go to memory: past incidents like this one' },
  { keys: 'g l', does: 'Go to the ledger' },
  { keys: 'g r', does: 'Go to the report' },
  { keys: 'g s', does: 'Go to settings' },
  { keys: 'g e', does: 'Go to the envelope' },
  { keys: '?', does: 'Show all keys' },
];
