import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateCase } from '../../../electron/correlation/generate/generate-case.ts';
import { rank } from '../../../electron/correlation/rank.ts';
import { explain } from '../../../electron/correlation/rank-explained.ts';
import { randomOf } from '../../../electron/sandbox/random.ts';
import { type CaseFile, Ranking } from '../../../shared/formats/case.ts';
import { ChangeKind, MetricKind } from '../../../shared/vocabulary/kinds.ts';
import { at, badRelease, caseWith, change, metric, START_MS } from '../../fixtures/case-builder.ts';

const idsOf = (ranked: readonly { id: string }[]): string[] => ranked.map(({ id }) => id);

/** Two services; `db` fails from minute 60 on and `api`, which calls it, with it. */
const failing = (more: Partial<CaseFile> = {}): CaseFile =>
  caseWith({
    services: [{ id: 'api' }, { id: 'db' }],
    calls: [{ from: 'api', to: 'db' }],
    metrics: [
      metric({ service: 'api', kind: 'latency', normal: 0.2, departs: { minute: 60, level: 0.5 } }),
      metric({ service: 'api', kind: 'error_rate', normal: 0.002, departs: { minute: 60, level: 0.05 } }),
      metric({ service: 'db', kind: 'latency', normal: 0.01, departs: { minute: 60, level: 0.3 } }),
      metric({ service: 'db', kind: 'error_rate', normal: 0.001, departs: { minute: 60, level: 0.06 } }),
    ],
    changes: [change('on-db', 'db', 58), change('on-api', 'api', 59.5), change('long-ago', 'db', 5)],
    ...more,
  });

describe('a bad release among fifty changes', () => {
  it.each(Array.from({ length: 30 }, (_, index) => index + 1))(
    'stands in the first four with seed %i',
    (seed) => {
      const { input, guilty, service, onsetMinute } = badRelease(seed);
      expect(input.changes.length).toBeGreaterThanOrEqual(41);
      const answer = rank(input);
      expect(idsOf(answer.changes).slice(0, 4)).toContain(guilty);
      expect(idsOf(answer.services).slice(0, 3)).toContain(service);
      const lateMinutes = (Date.parse(answer.onset ?? '') - START_MS) / 60_000 - onsetMinute;
      expect(Math.abs(lateMinutes)).toBeLessThan(4);
    },
  );

  it('is worth reading, and few others are', () => {
    const { input, guilty } = badRelease(3);
    const { changes, worthReading } = explain(input);
    expect(worthReading).toBeGreaterThanOrEqual(1);
    expect(worthReading).toBeLessThanOrEqual(6);
    expect(idsOf(changes).slice(0, worthReading)).toContain(guilty);
  });
});

describe('what counts', () => {
  it('blames the callee where caller and callee are both bad', () => {
    const { changes, services } = rank(failing());
    expect(changes[0]?.id).toBe('on-db');
    expect(services[0]?.id).toBe('db');
  });

  it('ranks without a call graph', () => {
    const { calls: _, ...input } = failing();
    expect(rank(input).changes[0]?.id).toBe('on-db');
    expect(rank(input).services[0]?.id).toBe('db');
  });

  it('exculpates a change that came after the trouble had begun', () => {
    const changes = [change('before', 'db', 59), change('after', 'db', 64)];
    const answer = rank(failing({ changes }));
    expect(idsOf(answer.changes)).toEqual(['before', 'after']);
    expect(answer.changes[1]?.score).toBeLessThan((answer.changes[0]?.score ?? 0) / 20);
    expect(answer.changes[1]?.reasons.join()).toContain('after the trouble of db had begun');
  });

  it('blames no version for what came upon the service just as the one before it went', () => {
    /** Failures of a version from one quarter of a minute to another; both fail more from minute 58 on, the old one late. */
    const version = (name: string, from: number, to: number, failing: (since: number) => number) => ({
      ...metric({
        service: 'db',
        kind: 'error_rate',
        normal: 0.001,
        labels: { version: name },
        stepSeconds: 15,
      }),
      values: Array.from({ length: 300 }, (_, quarter) => {
        const minute = quarter / 4;
        if (minute < from || minute > to) return null;
        return minute < 58 ? 0.001 : failing(minute - 58);
      }),
    });
    const whole = metric({
      service: 'db',
      kind: 'error_rate',
      normal: 0.001,
      stepSeconds: 15,
      departs: { minute: 58, level: 0.6 },
    });
    const input = failing({
      metrics: [
        whole,
        version('1', 0, 58.5, (since) => 0.03 + 0.2 * since),
        version('2', 57.25, 75, (since) => Math.min(0.6, 0.1 + since)),
      ],
      changes: [
        change('release', 'db', 57, { labels: { version: '2' } }),
        change('pool', 'db', 57.9, { kind: 'config' }),
      ],
    });
    const release = explain(input).changes.find(({ id }) => id === 'release');
    expect(release?.factors.find(({ name }) => name === 'cohort')?.value).toBe(0.5);
  });

  it('takes the change whose version alone is bad, though another is newer', () => {
    const cohort = (version: string, isBad: boolean) =>
      metric({
        service: 'db',
        kind: 'error_rate',
        normal: 0.001,
        labels: { version },
        ...(isBad ? { departs: { minute: 50, level: 0.2 } } : {}),
      });
    const input = failing({
      changes: [
        change('v2', 'db', 50, { labels: { version: '2' } }),
        change('v3', 'db', 59, { labels: { version: '3' } }),
      ],
    });
    const answer = rank({
      ...input,
      metrics: [...input.metrics, cohort('1', false), cohort('2', true), cohort('3', false)],
    });
    expect(answer.changes[0]?.id).toBe('v2');
    expect(answer.changes[0]?.reasons[0]).toContain('Only version 2 is bad');
    expect(answer.changes[1]?.reasons[0]).toContain('version 3 is no worse');
  });

  it.each([
    ['a fall of latency', { kind: 'latency', normal: 0.3, level: 0.1 }, false],
    ['a rise of latency', { kind: 'latency', normal: 0.1, level: 0.3 }, true],
    ['a rise of availability', { kind: 'availability', normal: 0.9, level: 0.99, noise: 0.002 }, false],
    ['a fall of availability', { kind: 'availability', normal: 0.999, level: 0.9, noise: 0.0005 }, true],
    ['a fall of errors', { kind: 'error_rate', normal: 0.1, level: 0.001 }, false],
    ['a fall of traffic', { kind: 'traffic', normal: 100, level: 20 }, true],
  ] as const)('%s is trouble or is not', (_name, { level, ...shape }, isTrouble) => {
    const series = metric({ service: 'one', ...shape, departs: { minute: 60, level } });
    const { onset } = rank(caseWith({ services: [{ id: 'one' }], metrics: [series] }));
    expect(onset !== null).toBe(isTrouble);
  });

  it('passes over a spike that does not last', () => {
    const series = metric({
      service: 'one',
      kind: 'latency',
      normal: 0.1,
      departs: { minute: 60, level: 2, until: 62 },
    });
    expect(rank(caseWith({ services: [{ id: 'one' }], metrics: [series] })).onset).toBeNull();
  });

  it('knows trouble that began early in the window', () => {
    const series = metric({
      service: 'one',
      kind: 'latency',
      normal: 0.1,
      departs: { minute: 20, level: 0.5 },
    });
    expect(rank(caseWith({ services: [{ id: 'one' }], metrics: [series] })).onset).toBe(at(20));
  });

  it('doubts that it sees the cause when no change fits, and less when one does', () => {
    const without = rank(failing({ changes: [change('elsewhere', 'mail', 20)] }));
    expect(without.novelty).toBeGreaterThan(0.8);
    expect(rank(failing()).novelty).toBeLessThan(0.3);
  });
});

describe('generated trouble', () => {
  it.each([
    ['where bursts of load are usual', { tier: 'T1', seed: 3050, services: 10 }],
    ['where an overloaded service is asked again and again', { tier: 'T2', seed: 148, services: 50 }],
    ['far from the alert, among late effects', { tier: 'T3', seed: 3001, services: 25 }],
  ] as const)('has its cause in the first four %s', (_name, drawn) => {
    const { truth, ...input } = generateCase(drawn);
    const { changes, onset } = rank(input);
    expect(idsOf(changes.slice(0, 4))).toEqual(expect.arrayContaining(truth.changes));
    expect(Math.abs(Date.parse(onset ?? '') - Date.parse(truth.onset ?? ''))).toBeLessThan(15 * 60_000);
  });
});

describe('whatever the input', () => {
  it('is not moved by the order of the file', () => {
    const { input } = badRelease(5);
    const expected = rank(input);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { shuffle } = randomOf(seed, 'order');
        const { calls = [], metrics, changes, services } = input;
        const shuffled = {
          ...input,
          calls: shuffle(calls),
          metrics: shuffle(metrics),
          changes: shuffle(changes),
          services: shuffle(services),
        };
        expect(rank(shuffled)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  it('is not moved by names: renamed services and changes keep their scores', () => {
    const { input } = badRelease(6);
    const expected = rank(input);
    const prefix = fc.array(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 400, maxLength: 400 });
    fc.assert(
      fc.property(prefix, (prefixes) => {
        const names = new Map<string, string>();
        const renamed = (name: string): string => {
          const known = names.get(name) ?? `${prefixes[names.size]}${names.size}`;
          names.set(name, known);
          return known;
        };
        const answer = rank({
          ...input,
          services: input.services.map(({ id }) => ({ id: renamed(id) })),
          calls: (input.calls ?? []).map(({ from, to }) => ({ from: renamed(from), to: renamed(to) })),
          metrics: input.metrics.map((one) => ({ ...one, service: renamed(one.service) })),
          changes: input.changes.map((one) => ({
            ...one,
            id: renamed(one.id),
            service: renamed(one.service),
            title: '',
          })),
        });
        const scores = new Map([...answer.changes, ...answer.services].map(({ id, score }) => [id, score]));
        for (const { id, score } of [...expected.changes, ...expected.services])
          expect(scores.get(renamed(id))).toBe(score);
        expect(answer.novelty).toBe(expected.novelty);
        expect(answer.onset).toBe(expected.onset);
      }),
      { numRuns: 5 },
    );
  });

  it('answers every change and service once, best first, in numbers that are numbers', () => {
    fc.assert(
      fc.property(anyCase, (input) => {
        const answer = rank(input);
        expect(Ranking.parse(answer)).toEqual(answer);
        expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
        expect(idsOf(answer.changes).sort()).toEqual(idsOf(input.changes).sort());
        const services = new Set([...idsOf(input.services), ...input.metrics.map(({ service }) => service)]);
        expect(idsOf(answer.services).sort()).toEqual([...services].sort());
        for (const ranked of [answer.changes, answer.services])
          for (const [index, { score }] of ranked.entries())
            expect(score).toBeLessThanOrEqual(ranked[index - 1]?.score ?? 1);
        const { anomalies, worthReading } = explain(input);
        expect(worthReading).toBeLessThanOrEqual(Math.min(6, input.changes.length));
        for (const { strength, baseline, observed, onsetMs } of anomalies)
          expect([strength, baseline, observed, onsetMs].every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['no metrics', []],
    ['one point', [{ ...metric({ service: 'a', kind: 'latency', normal: 1 }), values: [1] }]],
    ['no points', [{ ...metric({ service: 'a', kind: 'latency', normal: 1 }), values: [] }]],
    [
      'only gaps',
      [{ ...metric({ service: 'a', kind: 'latency', normal: 1 }), values: Array(60).fill(null) }],
    ],
    ['a constant', [metric({ service: 'a', kind: 'latency', normal: 1, noise: 0 })]],
    ['zeros', [metric({ service: 'a', kind: 'traffic', normal: 0 })]],
  ])('finds no trouble in %s', (_name, metrics) => {
    const answer = explain(
      caseWith({
        services: [{ id: 'a' }],
        metrics,
        changes: [change('c', 'a', 30), change('d', 'unknown', 900)],
      }),
    );
    expect(answer).toMatchObject({ onsetMs: null, worthReading: 0, anomalies: [] });
    expect(idsOf(answer.changes)).toEqual(['d', 'c']);
    expect(answer.services.map(({ score }) => score)).toEqual([0]);
  });

  it('without changes says that the cause is not among them', () => {
    expect(rank(failing({ changes: [] }))).toMatchObject({ changes: [], novelty: 1 });
  });

  it('takes steps from one second to ten minutes side by side', () => {
    const steps = [1, 15, 60, 300, 600];
    const metrics = steps.map((stepSeconds) =>
      metric({
        service: `every-${stepSeconds}`,
        kind: 'latency',
        normal: 0.1,
        stepSeconds,
        minutes: 240,
        departs: { minute: 180, level: 0.6 },
      }),
    );
    const { anomalies, onsetMs } = explain(caseWith({ metrics }, 240));
    expect(anomalies.map(({ service }) => service).sort()).toEqual(
      steps.map((step) => `every-${step}`).sort(),
    );
    expect(Math.abs((onsetMs ?? 0) - Date.parse(at(180)))).toBeLessThanOrEqual(600_000);
  });

  it('never reads a truth that stands in the file', () => {
    const input = failing();
    const told = { ...input, truth: { changes: ['long-ago'], services: ['api'] } };
    expect(rank(told)).toEqual(rank(input));
  });
});

const name = fc.constantFrom('a', 'b', 'c', 'd');
const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(null),
);
const anyCase: fc.Arbitrary<CaseFile> = fc.record({
  format: fc.constant('countersign.case/1' as const),
  window: fc.constant({ from: at(0), to: at(60) }),
  services: fc.uniqueArray(name).map((ids) => ids.map((id) => ({ id }))),
  calls: fc.array(fc.record({ from: name, to: name }), { maxLength: 6 }),
  metrics: fc.array(
    fc.record({
      service: name,
      name,
      kind: fc.constantFrom(...MetricKind.options),
      from: fc.integer({ min: -100, max: 100 }).map(at),
      stepSeconds: fc.oneof(fc.constantFrom(15, 60, 300), fc.double({ min: 1e-9, max: 1e300, noNaN: true })),
      values: fc.oneof(
        fc.array(value, { maxLength: 50 }),
        fc
          .tuple(value, value)
          .map(([low, high]) => Array.from({ length: 60 }, (_, index) => (index < 45 ? low : high))),
      ),
      labels: fc.constantFrom({}, { version: '1' }, { version: '2' }, { pod: 'x', version: '2' }),
    }),
    { maxLength: 8 },
  ),
  changes: fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1 }),
      kind: fc.constantFrom(...ChangeKind.options),
      service: fc.oneof(name, fc.constant('unknown')),
      at: fc.integer({ min: -1000, max: 1000 }).map(at),
      title: fc.string(),
      labels: fc.constantFrom({}, { version: '1' }, { version: '2' }),
    }),
    { selector: ({ id }) => id, maxLength: 8 },
  ),
});
