import { describe, expect, it } from 'vitest';
import { SCREENED_FROM, screened } from '../../../../electron/correlation/scan/screen.ts';
import type { CaseMetric } from '../../../../shared/formats/case.ts';

const POINTS = 120;

function metric(service: string, of: number, more: Partial<CaseMetric> = {}, points = POINTS): CaseMetric {
  const values = Float64Array.from(
    { length: points },
    (_, at) => 100 + 3 * Math.sin(at * 12.9898 + of * 78.233),
  );
  return {
    service,
    name: 'latency_p99',
    kind: 'latency',
    from: '2026-03-01T10:00:00Z',
    stepSeconds: 15,
    values,
    labels: { pod: `pod-${of}` },
    ...more,
  };
}

const calm = (service: string): CaseMetric[] => Array.from({ length: 40 }, (_, of) => metric(service, of));
const broken = (service: string): CaseMetric => {
  const one = metric(service, 99);
  return { ...one, values: Float64Array.from(one.values, (value, at) => (value ?? 0) * (at >= 100 ? 3 : 1)) };
};

describe('the screen of very many series', () => {
  it('leaves out the pods of services in which none has left its normal', () => {
    const whole = metric('calm', 0, { labels: {} });
    const metrics = [whole, ...calm('calm'), ...calm('bad'), broken('bad')];
    expect(screened(metrics, 10)).toEqual([whole, ...calm('bad'), broken('bad')]);
  });

  it('keeps what is too young to have a normal, with what it is compared with', () => {
    const young = metric('new', 99, {}, 6);
    const metrics = [...calm('calm'), ...calm('new'), young];
    expect(screened(metrics, 10)).toEqual([...calm('new'), young]);
  });

  it('passes over gaps and numbers that are none', () => {
    const odd = metric('odd', 1, {
      values: Array.from({ length: POINTS }, (_, at) => [null, 100, Number.NaN, 101, 99][at % 5] ?? null),
    });
    expect(screened([...calm('calm'), odd], 10)).toEqual([]);
  });

  it('does not touch a case that can be read as it is', () => {
    const metrics = calm('calm');
    expect(screened(metrics)).toBe(metrics);
    expect(metrics.length).toBeLessThan(SCREENED_FROM);
  });
});
