import { expect, it } from 'vitest';
import { type KeyAction, keyHelp, type Press, pressed } from '../../../../renderer/app/keyboard.ts';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  code: '',
  ctrlOrMeta: false,
  shift: false,
  alt: false,
  typing: false,
  inDialog: false,
  ...more,
});
const after = (...keys: string[]): KeyAction | null => {
  let state = { goingTo: false };
  let action: KeyAction | null = null;
  for (const key of keys) ({ state, action } = pressed(state, press(key)));
  return action;
};
const STOP = press('>', { code: 'Period', ctrlOrMeta: true, shift: true });

it.each([
  ['j', 'timeline.next'],
  ['k', 'timeline.previous'],
  ['[', 'candidates.previous'],
  [']', 'candidates.next'],
  ['/', 'timeline.search'],
  ['n', 'timeline.note'],
  ['a', 'proposal.approve'],
  ['d', 'proposal.deny'],
  ['b', 'proposal.backOut'],
])('%s asks for %s', (key, intent) => expect(after(key)).toEqual({ kind: 'intent', intent }));

it.each([
  ['i', { kind: 'place', place: 'incidents' }],
  ['t', { kind: 'intent', intent: 'timeline.focus' }],
  ['c', { kind: 'tab', tab: 'correlation' }],
  ['m', { kind: 'tab', tab: 'metrics' }],
  ['a', { kind: 'tab', tab: 'analyst' }],
  ['p', { kind: 'tab', tab: 'memory' }],
  ['l', { kind: 'place', place: 'ledger' }],
  ['r', { kind: 'place', place: 'report' }],
  ['s', { kind: 'place', place: 'settings' }],
  ['e', { kind: 'place', place: 'envelope' }],
])('g %s goes there', (key, action) => expect(after('g', key)).toEqual(action));

it('forgets g after one other key', () => {
  expect(after('g', 'x')).toBeNull();
  expect(after('g', 'x', 'a')).toEqual({ kind: 'intent', intent: 'proposal.approve' });
});

it.each(['a', 'b', 'd', 'n', '/', '?', 'j', 'constructor', '__proto__'])(
  'does nothing on %s while typing',
  (key) => {
    expect(pressed({ goingTo: false }, press(key, { typing: true })).action).toBeNull();
    expect(pressed({ goingTo: true }, press(key, { typing: true })).action).toBeNull();
  },
);

it.each(['a', 'b', 'd', 'n'])('does nothing on %s while a dialog has the keyboard', (key) => {
  expect(pressed({ goingTo: false }, press(key, { inDialog: true })).action).toBeNull();
});

it.each(['a', 'b', 'd', 'g'])('leaves Ctrl %s to the browser', (key) => {
  expect(pressed({ goingTo: false }, press(key, { ctrlOrMeta: true })).action).toBeNull();
});

it.each([
  ['at rest', {}],
  ['while typing', { typing: true }],
  ['in a dialog', { inDialog: true }],
])('opens the stop %s', (_case, more) => {
  expect(pressed({ goingTo: false }, { ...STOP, ...more }).action).toEqual({
    kind: 'dialog',
    dialog: 'stop',
  });
});

it('opens the palette while typing too', () => {
  const action = pressed({ goingTo: false }, press('k', { ctrlOrMeta: true, typing: true })).action;
  expect(action).toEqual({ kind: 'dialog', dialog: 'palette' });
});

it('finds nothing that every object has', () => expect(after('toString')).toBeNull());

it('lists each key once', () => {
  const keys = keyHelp.map((help) => help.keys);
  expect(new Set(keys).size).toBe(keys.length);
});

it('lists every key that does something', () => {
  const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
  const working = [
    ...printable.filter((key) => after(key) !== null),
    ...printable.filter((key) => after('g', key) !== null).map((key) => `g ${key}`),
  ];
  expect(working.length).toBeGreaterThan(15);
  const listed = new Set(keyHelp.flatMap(({ keys }) => keys.split(' / ')));
  expect(working.filter((key) => !listed.has(key))).toEqual([]);
});
