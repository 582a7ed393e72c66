import { expect, it } from 'vitest';
import { fingerprintOf, sentByPrometheus } from '../../../electron/sandbox/alertmanager/alert-book.ts';
import { filterTest, parseMatcher } from '../../../electron/sandbox/alertmanager/matcher.ts';
import { type SilenceDraft, silenceBook, stateOf } from '../../../electron/sandbox/alertmanager/silences.ts';

const draft = (change: Partial<SilenceDraft> = {}): SilenceDraft => ({
  id: null,
  matchers: [{ name: 'service', value: 'cart', isRegex: false, isEqual: true }],
  startsMs: 1_000,
  endsMs: 61_000,
  createdBy: 'anna',
  comment: '',
  ...change,
});
const cart = { alertname: 'Slow', service: 'cart' };

it('silences from its start to its end and not longer', () => {
  const book = silenceBook(1);
  const { id } = book.put(draft({ startsMs: 10_000 }), 1_000);
  const held = [9_999, 10_000, 60_999, 61_000].map((atMs) => book.silencing(cart, atMs).length);
  expect(held).toEqual([0, 1, 1, 0]);
  expect(book.silencing({ alertname: 'Slow', service: 'web' }, 20_000)).toEqual([]);
  const silence = book.get(id, 20_000);
  expect(silence && [9_999, 10_000, 61_000].map((atMs) => stateOf(silence, atMs))).toEqual([
    'pending',
    'active',
    'expired',
  ]);
});

it('keeps its id while only its end changes, and makes another when what it covers does', () => {
  const book = silenceBook(1);
  const first = book.put(draft(), 1_000);
  expect(book.put(draft({ id: first.id, endsMs: 90_000 }), 2_000).id).toBe(first.id);
  const matchers = [{ name: 'service', value: 'web', isRegex: false, isEqual: true }];
  const second = book.put(draft({ id: first.id, matchers }), 3_000);
  expect(second.id).not.toBe(first.id);
  expect(book.silencing(cart, 4_000)).toEqual([]);
  expect(book.list(4_000).map(({ id }) => id)).toEqual([second.id, first.id]);
});

it('gives the same silences the same ids in the same drill', () => {
  const ids = (seed: number) => {
    const book = silenceBook(seed);
    return [book.put(draft(), 1_000).id, book.put(draft(), 5_000).id];
  };
  expect(ids(1)).toEqual(ids(1));
  expect(new Set([...ids(1), ...ids(2)]).size).toBe(4);
});

it('forgets a silence five days after it ended', () => {
  const book = silenceBook(1);
  const { id } = book.put(draft(), 1_000);
  expect(book.get(id, 61_000 + 120 * 3_600_000)).toBeDefined();
  expect(book.get(id, 61_001 + 120 * 3_600_000)).toBeUndefined();
});

it('identifies label sets as Prometheus does, whatever their order', () => {
  // Given by Alertmanager 0.25 itself.
  expect(fingerprintOf({ alertname: 'A', service: 'web' })).toBe('0c2865d470cc0f50');
  expect(fingerprintOf({ severity: 'critical', service: 'cart', alertname: 'A' })).toBe('340c9a7bccd69014');
});

it.each<[string, Record<string, string>, boolean]>([
  ['service=~"c.*t"', { service: 'cart' }, true],
  ['service=~art', { service: 'cart' }, false],
  ['service!~"c.*"', { service: 'web' }, true],
  ['note=""', {}, true],
  ['note!=""', {}, false],
  ['note!=""', { note: 'x' }, true],
  ['note="a\\nb"', { note: 'a\nb' }, true],
])('filters by %s', (text, labels, passes) => {
  expect(filterTest([parseMatcher(text)])(labels)).toBe(passes);
});

it('knows of an alert what Prometheus told it last: repeated each 75 s, for four minutes at a time', () => {
  const alert = { labels: cart, annotations: {}, firedAtMs: 0, expr: 'up\n  == 0' };
  const sent = sentByPrometheus(alert, 149_000);
  expect(sent).toMatchObject({ startsMs: 0, updatedMs: 75_000, endsMs: 315_000 });
  expect(new URL(sent.generatorUrl).searchParams.get('g0.expr')).toBe('up == 0');
});
