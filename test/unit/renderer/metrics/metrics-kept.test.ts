import { afterEach, expect, it, vi } from 'vitest';
import { freshReading, keepOverview, keptOf } from '../../../../renderer/metrics/metrics-kept.ts';
import type { LivePlot } from '../../../../renderer/ui/live-plot.ts';
import type { MetricsOverview } from '../../../../shared/vocabulary/chart.ts';
import { IncidentId } from '../../../../shared/vocabulary/ids.ts';

const [one, other] = ['inc-kept-1', 'inc-kept-2'].map((id) => IncidentId.parse(id)) as [
  IncidentId,
  IncidentId,
];
const overview = (signals: number): MetricsOverview => ({
  readMs: 1,
  window: { fromMs: 0, toMs: 1 },
  signals: Array.from({ length: signals }, (_, at) => ({
    source: 's',
    service: 'payments',
    name: `signal_${at}`,
    labels: {},
    kind: 'other',
    unit: '',
    stepMs: 1,
    latest: null,
  })),
  silent: [],
});

afterEach(() => vi.restoreAllMocks());

it('what was read is there again, each time under a higher version', () => {
  expect(freshReading(one)).toBeNull();
  const first = keepOverview(one, overview(1));
  expect(freshReading(one)).toBe(first);
  expect(keepOverview(one, overview(2)).version).toBeGreaterThan(first.version);
});

it('what has nothing to show, or was read too long ago, is not shown for the time until there is something newer', () => {
  keepOverview(one, overview(0));
  expect(freshReading(one)).toBeNull();
  keepOverview(one, overview(1));
  const nowMs = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(nowMs + 10 * 60_000);
  expect(freshReading(one)).toBeNull();
});

it('nothing of one incident is kept for another', () => {
  keepOverview(one, overview(1));
  const { charts, plots } = keptOf(one);
  const destroyed: string[] = [];
  const plotOf = (name: string) => ({ destroy: () => destroyed.push(name) }) as unknown as LivePlot;
  plots.put('a', plotOf('held'));
  expect(keptOf(one).plots).toBe(plots);
  expect(destroyed).toEqual([]);
  expect(keptOf(one).charts).toBe(charts);
  expect(freshReading(other)).toBeNull();
  expect(destroyed).toEqual(['held']);
  plots.put('b', plotOf('left when the other one is shown already'));
  expect(destroyed).toHaveLength(2);
  expect(freshReading(one)).toBeNull();
  expect(keptOf(one).charts).not.toBe(charts);
});
