import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateCase } from '../../../electron/correlation/generate/generate-case.ts';
import { liveExplain } from '../../../electron/correlation/live-explain.ts';
import { explain } from '../../../electron/correlation/rank-explained.ts';
import { seriesOf } from '../../../electron/correlation/series.ts';
import type { CaseFile, CaseMetric } from '../../../shared/formats/case.ts';

const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

const drawn = (seed: number): CaseFile => {
  const { truth: _, ...input } = generateCase({
    tier: 'T2',
    seed,
    services: 10,
    vary: { cohorts: 0.6, points: 180 },
  });
  return input;
};

/** The case as it was when of each series only so many samples were known. */
const upTo = (input: CaseFile, points: number): CaseFile => ({
  ...input,
  metrics: input.metrics.map((metric) => ({ ...metric, values: metric.values.slice(0, points) })),
});

describe('a ranking that is asked for again and again', () => {
  it('is that of the case alone, however the case has gone on', () => {
    fc.assert(
      fc.property(
        seed,
        seed,
        fc.array(fc.integer({ min: 60, max: 180 }), { minLength: 2, maxLength: 5 }),
        (one, other, moments) => {
          const cases = [drawn(one), drawn(other)];
          const live = liveExplain();
          // Two cases take turns, samples come, and now and then some are taken back.
          for (const points of moments)
            for (const input of cases) {
              const now = upTo(input, points);
              expect(live(now)).toEqual(explain(now));
            }
        },
      ),
      { numRuns: 6 },
    );
  });

  it('is that of the case alone at every step, though some sources tell theirs late', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 90, max: 170 }), (seed, start) => {
        const input = drawn(seed);
        const live = liveExplain();
        for (let points = start; points < start + 9; points += 1) {
          const whole = upTo(input, points);
          // Every seventh series lags, each by a number of samples of its own.
          const metrics = whole.metrics.map((metric, at) =>
            at % 7 === 3 ? { ...metric, values: metric.values.slice(0, points - 1 - (at % 3)) } : metric,
          );
          const now = { ...whole, metrics };
          expect(live(now)).toEqual(explain(now));
        }
      }),
      { numRuns: 4 },
    );
  });

  it('is that of the case alone, though metrics change places, come twice, go and come back', () => {
    type Told = (all: readonly CaseMetric[]) => CaseMetric[];
    const asTheyAre: Told = (all) => [...all];
    const fromTheMiddle: Told = (all) => [...all.slice(all.length / 2), ...all.slice(0, all.length / 2)];
    const someTwice: Told = (all) =>
      all.flatMap((metric, at) =>
        at % 5 === 2
          ? [metric, { ...metric, values: Array.from(metric.values, (value) => value && value * 1.2) }]
          : [metric],
      );
    const twiceFromTheEnd: Told = (all) => someTwice(all).reverse();
    const fewer: Told = (all) => all.slice(3);
    fc.assert(
      fc.property(seed, (seed) => {
        const input = drawn(seed);
        const live = liveExplain();
        const steps = [asTheyAre, fromTheMiddle, someTwice, twiceFromTheEnd, fewer, asTheyAre];
        for (const [at, told] of steps.entries()) {
          const whole = upTo(input, 150 + at);
          const now = { ...whole, metrics: told(whole.metrics) };
          expect(live(now)).toEqual(explain(now));
        }
      }),
      { numRuns: 4 },
    );
  });

  it('weighs a change that is told later as if it had been known', () => {
    fc.assert(
      fc.property(seed, (seed) => {
        const input = drawn(seed);
        const live = liveExplain();
        live({ ...input, changes: input.changes.slice(1) });
        expect(live(input)).toEqual(explain(input));
      }),
      { numRuns: 6 },
    );
  });

  it('forgets nothing that it said of samples that were corrected since', () => {
    const input = drawn(7);
    const corrected = {
      ...input,
      metrics: input.metrics.map((metric) => ({
        ...metric,
        values: Array.from(metric.values, (value, at) =>
          at % 40 === 3 && value !== null ? value * 1.5 : value,
        ),
      })),
    };
    const live = liveExplain();
    for (const one of [input, corrected, input]) expect(live(one)).toEqual(explain(one));
  });
});

const value = fc.oneof(
  fc.constant(null),
  fc.constant(0),
  fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const metric = fc.record({
  kind: fc.constantFrom<CaseMetric['kind']>('latency', 'error_rate', 'availability', 'traffic', 'other'),
  unit: fc.constantFrom(undefined, '%'),
  stepSeconds: fc.constantFrom(1, 15, 60),
  values: fc.array(value, { maxLength: 40 }),
});

describe('a series that goes on', () => {
  it('is the series that is read at once, and leaves the one before as it was', () => {
    fc.assert(
      fc.property(metric, fc.array(fc.array(value, { maxLength: 20 }), { maxLength: 5 }), (first, more) => {
        const of = (values: CaseMetric['values']): CaseMetric => {
          const { unit, ...rest } = first;
          const told = { service: 's', name: 'm', from: '2026-03-01T10:00:00Z' };
          return { ...told, ...rest, values, ...(unit === undefined ? {} : { unit }) };
        };
        const shown = ({ atMs, levels, amounts, sustained }: ReturnType<typeof seriesOf>) => ({
          atMs: [...atMs],
          levels: [...levels],
          amounts: [...amounts],
          sustained: [...sustained],
        });
        const before = seriesOf(of(first.values));
        const asBefore = shown(before);
        let values = first.values;
        let series = before;
        for (const added of more) {
          values = [...values, ...added];
          series = seriesOf(of(values), series);
          expect(shown(series)).toEqual(shown(seriesOf(of(values))));
          // Another that goes on from the same start must not meet the first one's samples.
          const other = [...first.values, ...added, 3];
          expect(shown(seriesOf(of(other), before))).toEqual(shown(seriesOf(of(other))));
        }
        expect(shown(before)).toEqual(asBefore);
      }),
    );
  });
});
