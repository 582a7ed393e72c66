import { expect, it } from 'vitest';
import { MOST_PLOTS } from '../../../../renderer/metrics/metrics-kept.ts';
import { plotsAhead, type Seen } from '../../../../renderer/metrics/plots-ahead.ts';
import { lineOf } from '../../../../renderer/state/event-line.ts';
import type { RoomView } from '../../../../renderer/state/fold-room.ts';
import { isSamePicture } from '../../../../renderer/ui/plot-wish.ts';
import type { Chart } from '../../../../shared/vocabulary/chart.ts';
import { IncidentId } from '../../../../shared/vocabulary/ids.ts';

const chart: Chart = {
  points: { fromMs: 0, stepMs: 1_000, places: [0, 1, 2], values: [1, null, 3] },
  normal: { low: 0.5, middle: 1, high: 1.5 },
};
const event = (key: string, service: string, atMs: number) =>
  lineOf({
    incident: IncidentId.parse('inc-1'),
    key,
    atMs,
    service,
    title: key,
    source: 's',
    kind: 'change',
    change: 'deploy',
  });

/** A room with so many signals of one service, of which one is off. */
function seenOf(signals: number, also: Partial<Seen> = {}): Seen {
  const names = Array.from({ length: signals }, (_, at) => `signal_${String(at).padStart(3, '0')}`);
  const anomaly = { service: 'payments', metric: 'signal_000', strength: 1, direction: 'up', onsetMs: 1_500 };
  return {
    reading: {
      overview: {
        readMs: 1,
        window: { fromMs: 0, toMs: 2_000 },
        silent: [],
        signals: names.map((name) => ({
          source: 's',
          service: 'payments',
          name,
          labels: {},
          kind: 'other',
          unit: '',
          stepMs: 1_000,
          latest: null,
        })),
      },
      version: 1,
      atMs: 0,
    },
    room: {
      incident: { openedMs: 100, closedMs: null },
      events: [event('own', 'payments', 500), event('foreign', 'cart', 700), event('worth', 'web', 1_000)],
      candidates: {
        onsetMs: 1_500,
        anomalies: [anomaly],
        changes: [{ id: 'worth' }, { id: 'foreign' }],
        worthReading: 1,
      },
    } as unknown as RoomView,
    span: null,
    filter: { text: '', onlyOff: false, expanded: new Set() },
    width: 1_000,
    height: 900,
    scrollbar: 15,
    ...also,
  };
}

it('wishes a plot for each signal of the first picture that was read, with what is marked on its charts', () => {
  const [first, ...others] = plotsAhead(seenOf(3), (key) => (key.includes('signal_002') ? undefined : chart));
  expect(others).toHaveLength(1);
  expect(first?.key).toContain('signal_000');
  expect(first?.wish.look).toMatchObject({ off: true, canZoom: true, isSmall: true, hasStrip: true });
  expect(others[0]?.wish.look.off).toBe(false);
  const drawn = first?.wish.drawn;
  expect(drawn?.range).toEqual({ fromMs: 0, toMs: 2_000 });
  expect(drawn?.band).toEqual({ low: 0.5, high: 1.5 });
  expect(drawn?.badges.map(({ atMs }) => atMs)).toEqual([500, 1_000]);
  expect(drawn?.marks.map(({ label }) => label)).toEqual(['onset', 'own', 'worth']);
  expect(drawn?.shade).toEqual({ fromMs: 1_500, toMs: 2_000 });
});

it('wishes the same picture again as long as nothing changed, and another one once something did', () => {
  const wishOf = (also: Partial<Seen>, read = chart) => plotsAhead(seenOf(1, also), () => read)[0]?.wish;
  const before = wishOf({});
  const same = (now: ReturnType<typeof wishOf>) => before && now && isSamePicture(before, now);
  expect(same(wishOf({}))).toBe(true);
  expect(same(wishOf({ span: { fromMs: 500, toMs: 1_500 } }))).toBe(false);
  expect(same(wishOf({}, structuredClone(chart)))).toBe(false);
  const { room } = seenOf(1);
  expect(same(wishOf({ room: { ...room, events: [] } }))).toBe(false);
});

it('leaves room for the scrollbar where there are more charts than fit', () => {
  const widthOf = (height: number) =>
    plotsAhead(seenOf(4, { height, width: 900 }), () => chart)[0]?.width ?? 0;
  expect(widthOf(900) - widthOf(60)).toBe(Math.round(15 / 4));
});

it('draws no more charts ahead than are in view, and never more than are kept', () => {
  const count = (height: number) => plotsAhead(seenOf(400, { height }), () => chart).length;
  expect(count(200)).toBe(4);
  expect(count(100_000)).toBe(MOST_PLOTS);
});
