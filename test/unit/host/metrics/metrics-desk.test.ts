import { describe, expect, it } from 'vitest';
import { heldAfter, type SourceAnswer } from '../../../../electron/host/metrics/held-series.ts';
import { metricsDesk } from '../../../../electron/host/metrics/metrics-desk.ts';
import type { ChartsWanted } from '../../../../shared/vocabulary/chart.ts';
import { Incident } from '../../../../shared/vocabulary/incident.ts';
import type { MetricSeries } from '../../../../shared/vocabulary/metric.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 2, 1, 12);
const incident = Incident.parse({
  id: 'inc-1',
  realm: 'real',
  title: 'Errors',
  severity: 'sev2',
  status: 'open',
  commander: 'Mina',
  openedMs: NOW - HOUR,
  closedMs: null,
  fromMs: NOW - 8 * HOUR,
  services: [],
  drill: null,
});
const ref = { source: 'prom', service: 'payments', name: 'latency_p99', labels: {} };

/** A source whose every sample says how far back it lies, in hours. */
const series = (fromMs: number, toMs: number, stepMs: number): MetricSeries => ({
  ...ref,
  kind: 'latency',
  unit: 's',
  fromMs,
  stepMs,
  values: Array.from(
    { length: Math.floor((toMs - fromMs) / stepMs) + 1 },
    (_, at) => (NOW - fromMs - at * stepMs) / HOUR,
  ),
});
const stepOf = ({ fromMs, toMs }: { fromMs: number; toMs: number }) =>
  toMs - fromMs > 2 * HOUR ? 60_000 : 15_000;

function desk(reply: (asked: { fromMs: number; toMs: number; stepMs: number }) => SourceAnswer['ok']) {
  const asked: { fromMs: number; toMs: number; stepMs: number }[] = [];
  const answer = (window: { fromMs: number; toMs: number; stepMs: number }): SourceAnswer =>
    reply(window)
      ? {
          id: 'prom',
          name: 'Prometheus',
          ok: true,
          series: [series(window.fromMs, window.toMs, window.stepMs)],
        }
      : { id: 'prom', name: 'Prometheus', ok: false, sentence: 'it does not answer' };
  const whole = { fromMs: incident.fromMs, toMs: NOW, stepMs: 60_000 };
  const held = heldAfter(
    [],
    [{ id: 'prom', name: 'Prometheus', ok: true, series: [series(whole.fromMs, NOW, 60_000)] }],
    NOW,
  );
  return {
    asked,
    ...metricsDesk({
      clock: { now: () => NOW },
      windowOf: () => ({ fromMs: incident.fromMs, toMs: NOW }),
      stepOf,
      heldOf: async () => held,
      read: async (window) => {
        asked.push(window);
        return [answer(window)];
      },
      onsetOf: () => NOW - HOUR,
      connectors: () => [],
    }),
  };
}
const wanted = (over: Partial<ChartsWanted> = {}): ChartsWanted => ({
  charts: [ref],
  fromMs: incident.fromMs,
  toMs: NOW,
  pixels: 100,
  against: null,
  ...over,
});

describe('the desk of charts', () => {
  it('draws the whole window from what is held, with what was normal before the onset', async () => {
    const { asked, charts } = desk(() => true);
    const [chart] = await charts(incident, wanted());
    expect(chart?.points?.values).toHaveLength(200);
    expect(chart?.points?.values[0]).toBeCloseTo(8, 1);
    expect(chart?.normal?.middle).toBeGreaterThan(1);
    expect(asked).toEqual([]);
  });

  it('reads a shorter part once and finer, while what is normal stays that of the whole', async () => {
    const { asked, charts } = desk(() => true);
    const near = wanted({ fromMs: NOW - HOUR, pixels: 500 });
    const [[chart], [again]] = [await charts(incident, near), await charts(incident, near)];
    expect(asked).toEqual([{ fromMs: NOW - HOUR, toMs: NOW, stepMs: 15_000 }]);
    expect(chart?.points).toMatchObject({ stepMs: 15_000 });
    expect(again).toEqual(chart);
    expect(chart?.normal).toEqual((await charts(incident, wanted()))[0]?.normal);
  });

  it('draws what it holds where the finer part cannot be read', async () => {
    const { charts } = desk(() => false);
    const [chart] = await charts(incident, wanted({ fromMs: NOW - HOUR, pixels: 500 }));
    expect(chart?.points).toMatchObject({ stepMs: 60_000 });
  });

  it('lays the same hours of another day under this one', async () => {
    const { asked, charts } = desk(() => true);
    const [chart] = await charts(incident, wanted({ against: 'last-week' }));
    expect(asked).toEqual([{ fromMs: incident.fromMs - 168 * HOUR, toMs: NOW - 168 * HOUR, stepMs: 60_000 }]);
    expect(chart?.points?.fromMs).toBe(incident.fromMs);
    expect(chart?.points?.values[0]).toBeCloseTo(176, 1);
    expect(chart?.normal).toBeNull();
  });

  it('says which source does not answer for another day', async () => {
    const { charts } = desk(() => false);
    await expect(charts(incident, wanted({ against: 'yesterday' }))).rejects.toThrow(
      'No source of metrics answered; Prometheus: it does not answer',
    );
  });

  it('has nothing for a series that nobody told of, in its place among the others', async () => {
    const { charts } = desk(() => true);
    const [unknown, known] = await charts(
      incident,
      wanted({ charts: [{ ...ref, service: '__proto__' }, ref] }),
    );
    expect(unknown).toEqual({ points: null, normal: null });
    expect(known?.points).not.toBeNull();
  });

  it('knows no expression of a source that has none', async () => {
    expect(await desk(() => true).expression(incident, ref)).toBeNull();
  });
});
