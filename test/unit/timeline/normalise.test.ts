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
