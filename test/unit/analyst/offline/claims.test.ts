import fc from 'fast-check';
import { expect, it } from 'vitest';
import { claimsFrom, conclusionFrom } from '../../../../electron/analyst/offline/claims.ts';
import { whatWasRead } from '../../../../electron/analyst/offline/what-was-read.ts';
import { at, changeOf, factor, many, readingOf, seriesOf } from '../../../fixtures/reading-of.ts';

const scored = (...scores: number[]) =>
  scores.map((score, index) =>
    changeOf({
      id: `deploy:shop/s${index}@1`,
      service: `s${index}`,
      title: `s${index} rolled out`,
      score,
      reasons: [`s${index} is out of order`],
      factors: [factor('place', 0.9), factor('time', 0.1)],
    }),
  );
const anomaly = (service: string, kind: 'traffic' | 'latency' | 'error_rate') => ({
  service,
  metric: kind,
  kind,
  version: null,
  onset: at(57),
  strength: 9,
  baseline: 1,
  observed: 2,
  sentence: `${kind} of ${service} rose`,
});

it('keeps a rival in view, however clear the first one looks', () => {
  const read = readingOf({ changes: scored(0.95, 0.01, 0.01), worthReading: 1 });
  expect(claimsFrom(read, undefined)).toHaveLength(2);
});

it('says what speaks against as well as for, quoting what it read', () => {
  const [first] = claimsFrom(readingOf({ changes: scored(0.9, 0.05) }), undefined);
  expect(first?.for[0]).toMatchObject({
    sentence: 'place is 0.9',
    events: ['deploy:shop/s0@1'],
    quotes: [{ text: 'place is 0.9' }],
  });
  expect(first?.against.map(({ sentence }) => sentence)).toEqual(['time is 0.1']);
  expect(first?.gaps.length).toBeGreaterThan(0);
});

it('is never surer than its procedure can be', () => {
  const [first] = claimsFrom(readingOf({ changes: scored(1, 0), novelty: 0 }), undefined);
  expect(first?.confidence).toBeLessThanOrEqual(0.85);
});

it('puts a cause that it does not see first where that is likeliest, and names where it shows', () => {
  const services = [{ id: 'cards.example', score: 0.7, reasons: ['cards.example fails by itself'] }];
  const read = readingOf({ changes: scored(0.2, 0.2), novelty: 0.6, services });
  const claims = claimsFrom(read, undefined);
  expect(claims[0]).toMatchObject({ cause: null, confidence: 0.6 });
  expect(claims[0]?.claim).toContain('cards.example');
  expect(claims[0]?.for.map(({ sentence }) => sentence)).toContain('cards.example fails by itself');
  expect(conclusionFrom(claims, read).kind).toBe('inconclusive');
});

it('says that nothing could be measured, and not that the cause is none of the changes', () => {
  const read = readingOf({ changes: scored(0.05, 0.05), novelty: 0.9, unmeasured: ['Prometheus', 'Mimir'] });
  const claims = claimsFrom(read, undefined);
  expect(claims[0]).toMatchObject({
    claim: 'Nothing could be measured: Prometheus, Mimir did not answer',
    cause: null,
    for: [{ quotes: [{ text: '"unmeasured":["Prometheus","Mimir"]' }] }],
  });
  expect(JSON.stringify(claims)).not.toContain('not among the changes');
  expect(conclusionFrom(claims, read)).toMatchObject({
    kind: 'inconclusive',
    sentence: expect.stringContaining('Nothing could be measured'),
  });
});

it('names a cause that stands out, and the rival that is not separated from it', () => {
  const clear = readingOf({ changes: scored(0.9, 0.02) });
  expect(conclusionFrom(claimsFrom(clear, undefined), clear)).toEqual({
    kind: 'cause-named',
    sentence: 's0 rolled out is the cause.',
  });
  const close = readingOf({ changes: scored(0.5, 0.4) });
  expect(conclusionFrom(claimsFrom(close, undefined), close).sentence).toContain('Not separated from: s1');
});

it.each([
  ['when the service that alerts only gets more requests', [anomaly('cart', 'traffic')], 'nothing-to-do'],
  ['unless it is slow as well', [anomaly('cart', 'traffic'), anomaly('cart', 'latency')], 'cause-named'],
  ['unless something fails', [anomaly('cart', 'traffic'), anomaly('web', 'error_rate')], 'cause-named'],
  ['unless nothing was measured', [], 'cause-named'],
])('finds nothing to do %s', (_case, anomalies, kind) => {
  const alerts = [{ key: 'alert:1', at: at(58), service: 'cart', title: 'cart is busy' }];
  const read = readingOf({ changes: scored(0.9), anomalies, alerts });
  const claims = claimsFrom(read, undefined);
  expect(conclusionFrom(claims, read).kind).toBe(kind);
  expect(claims[0]?.cause === null).toBe(kind === 'nothing-to-do');
});

it('halves what a person doubts, argues against it and keeps the doubt in view', () => {
  const read = readingOf({ changes: scored(0.9, 0.05) });
  const calm = claimsFrom(read, undefined)[0];
  const doubted = claimsFrom(read, 'the database was slow before')[0];
  expect(doubted?.confidence).toBeCloseTo((calm?.confidence ?? 0) / 2);
  expect(doubted?.against.length).toBeGreaterThan(calm?.against.length ?? 0);
  expect(doubted?.gaps.join()).toContain('the database was slow before');
});

it('states nothing when nothing could be read', () => {
  expect(claimsFrom(whatWasRead([]), undefined)).toEqual([]);
});

it('quotes what its tools answered and nothing else, whatever they answer', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
  const drawn = fc.record({
    title: word,
    reasons: fc.array(word, { minLength: 1, maxLength: 3 }),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    value: fc.double({ min: 0, max: 1, noNaN: true }),
    sentence: word,
    kind: fc.constantFrom('deploy' as const, 'flag' as const, 'infrastructure' as const),
  });
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 6 }), fc.option(word, { nil: undefined }), (all, doubt) => {
      const changes = all.map(({ sentence, value, ...one }, index) =>
        changeOf({ ...one, id: `change:${index}`, factors: [{ name: 'place', value, sentence }] }),
      );
      const metrics = { cart: [seriesOf('error_rate', [...many(20, 0.01), ...many(20, 0.5)])] };
      const read = readingOf({ changes, metrics });
      const texts = [read.candidates, read.signals, ...read.metrics.values()].map((one) => one?.text ?? '');
      for (const claim of claimsFrom(read, doubt)) {
        expect(claim.confidence).toBeLessThanOrEqual(0.85);
        for (const { quotes = [] } of [...claim.for, ...claim.against]) {
          expect(quotes.length).toBeGreaterThan(0);
          for (const { text } of quotes) expect(texts.some((one) => one.includes(text))).toBe(true);
        }
      }
    }),
  );
});
