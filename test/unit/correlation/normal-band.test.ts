import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalBand } from '../../../electron/correlation/normal-band.ts';
import type { MetricKind } from '../../../shared/vocabulary/kinds.ts';

const metric = (kind: MetricKind, values: (number | null)[]) => ({
  service: 'payments',
  name: 'any',
  kind,
  unit: kind === 'error_rate' || kind === 'availability' ? 'ratio' : 's',
  from: '2026-03-01T10:00:00Z',
  stepSeconds: 15,
  values,
});
const kinds = fc.constantFrom<MetricKind>(
  'latency',
  'error_rate',
  'traffic',
  'saturation',
  'availability',
  'other',
);

describe('the normal band', () => {
  it('lies around its middle, whatever is measured', () => {
    fc.assert(
      fc.property(
        kinds,
        fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }), { minLength: 40 }),
        (kind, values) => {
          fc.pre(values.filter((value) => value !== null).length >= 30);
          const band = normalBand(metric(kind, values), Number.POSITIVE_INFINITY);
          expect(band).not.toBeNull();
          expect(band?.low).toBeLessThanOrEqual(band?.middle ?? Number.NaN);
          expect(band?.middle).toBeLessThanOrEqual(band?.high ?? Number.NaN);
        },
      ),
    );
  });

  it('is of the time before the onset alone', () => {
    const values = Array.from({ length: 200 }, (_, at) => (at < 100 ? 0.1 + 0.01 * Math.sin(at) : 5));
    const band = normalBand(metric('latency', values), Date.parse('2026-03-01T10:25:00Z'));
    expect(band?.middle).toBeCloseTo(0.1, 2);
    expect(band?.high).toBeLessThan(0.2);
  });

  it('does not say that fewer than none fail', () => {
    const values = Array.from({ length: 100 }, (_, at) => (at % 3 === 0 ? 0.002 : 0));
    expect(normalBand(metric('error_rate', values), Number.POSITIVE_INFINITY)?.low).toBe(0);
  });

  it('is not told from a handful of samples', () => {
    expect(normalBand(metric('latency', [1, 2, 1]), Number.POSITIVE_INFINITY)).toBeNull();
  });
});
