import fc from 'fast-check';
import { expect, it } from 'vitest';
import { normalise } from '../../../electron/timeline/normalise.ts';
import { type Observation, Observation as Schema } from '../../../shared/vocabulary/event.ts';

const observationOf = (title: string, detail: string, label = 'x'): Observation => ({
  kind: 'signal',
  sort: 'log',
  severity: 'info',
  key: 'log:1',
  atMs: 1,
  service: null,
  title,
  detail,
  source: 'test',
  labels: { label },
});
const anyText = fc.string({ unit: 'binary', maxLength: 20_000 });

it('makes text of any length and make fit an event that can be stored and signed', () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (title, detail, label) => {
      const fitted = normalise(observationOf(title, detail, label));
      Schema.parse(fitted);
      return JSON.stringify(fitted).isWellFormed();
    }),
    { numRuns: 60 },
  );
});

it('replaces half a surrogate pair wherever it stands, and cuts no pair in half', () => {
  expect(normalise(observationOf('a\ud800b', 'c', '\udc00')).labels).toEqual({ label: '\ufffd' });
  const { title } = normalise(observationOf('😀'.repeat(400), ''));
  expect(title.length).toBeLessThanOrEqual(500);
  expect(title.isWellFormed()).toBe(true);
});

it('says so when there is no text', () => expect(normalise(observationOf('  ', '')).title).toBe('(no text)'));

it.each([
  ['before all computers', Date.parse('0001-01-01T00:00:00Z'), 0],
  ['after all dates', Number.MAX_SAFE_INTEGER, 8_640_000_000_000_000],
  ['in the future', Date.parse('2999-01-01T00:00:00Z'), Date.parse('2999-01-01T00:00:00Z')],
])('keeps what is dated %s, at a time that can be stored and written', (_when, atMs, keptMs) => {
  const kept = normalise({ ...observationOf('x', 'y'), atMs });
  expect(kept.atMs).toBe(keptMs);
  expect(Schema.parse(kept)).toEqual(kept);
  expect(new Date(kept.atMs).toISOString()).toMatch(/Z$/);
});

it('keeps apart what has names without end', () => {
  const key = (end: string) =>
    normalise({ ...observationOf('x', 'y'), key: `k:${'n'.repeat(10_000)}${end}` }).key;
  expect(key('1')).not.toBe(key('2'));
  expect(key('1').length).toBeLessThanOrEqual(400);
});
