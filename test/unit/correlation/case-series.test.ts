import { describe, expect, it } from 'vitest';
import { caseSeries } from '../../../electron/correlation/case-series.ts';
import { byContent } from '../../../electron/correlation/content-order.ts';
import { generateCase } from '../../../electron/correlation/generate/generate-case.ts';
import { type Series, seriesOf } from '../../../electron/correlation/series.ts';
import type { CaseFile } from '../../../shared/formats/case.ts';

const { truth: _, ...input } = generateCase({ tier: 'T2', seed: 5, services: 10, vary: {} });
const stretch = { referenceUntil: 120, searchFrom: 110, width: 8 };

const seriesUpTo = (points: number, before: readonly Series[] = [], of: CaseFile = input): Series[] =>
  byContent(of.metrics.map((metric) => ({ ...metric, values: metric.values.slice(0, points) }))).map(
    ({ metric }, at) => seriesOf(metric, before[at]),
  );

const sharesOf = (series: ReturnType<typeof caseSeries>) => [
  ...(series.kept.get(120)?.shares.values() ?? []),
];

describe('the series of a case that goes on', () => {
  const all = seriesUpTo(200);
  const first = caseSeries(all, input.calls);
  const ids = input.services.map(({ id }) => id);
  for (const id of ids) first.excesses(id, stretch);

  it('keep what was learnt from before the trouble, and show what they would alone', () => {
    const more = seriesUpTo(203, all);
    const next = caseSeries(more, input.calls, first);
    const alone = caseSeries(more, input.calls);
    for (const id of ids) expect(next.excesses(id, stretch)).toEqual(alone.excesses(id, stretch));
    expect(sharesOf(next).length).toBeGreaterThan(10);
    expect(sharesOf(next).every((one, at) => one === sharesOf(first)[at])).toBe(true);
  });

  it('learn anew when a sample from before the trouble was corrected', () => {
    const [metric, ...others] = input.metrics;
    if (!metric) throw new Error('the drawn case has no metrics');
    const values = Array.from(metric.values, (value, at) => (at === 50 ? (value ?? 1) * 1.3 : value));
    const more = seriesUpTo(203, [], { ...input, metrics: [{ ...metric, values }, ...others] });
    const next = caseSeries(more, input.calls, first);
    const alone = caseSeries(more, input.calls);
    for (const id of ids) expect(next.excesses(id, stretch)).toEqual(alone.excesses(id, stretch));
    expect(sharesOf(next).some((one) => sharesOf(first).includes(one))).toBe(false);
  });

  it('learn anew under other calls', () => {
    const calls = input.calls?.slice(1);
    const next = caseSeries(all, calls, first);
    const alone = caseSeries(all, calls);
    for (const id of ids) expect(next.excesses(id, stretch)).toEqual(alone.excesses(id, stretch));
  });
});
