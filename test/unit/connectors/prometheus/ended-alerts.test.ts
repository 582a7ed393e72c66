import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../../electron/connectors/alert-labels.ts';
import { rawText } from '../../../../electron/connectors/delivered.ts';
import {
  endedAlerts,
  endedGrid,
  endedQueries,
} from '../../../../electron/connectors/prometheus/ended-alerts.ts';

const t0 = 1_772_359_200_000;
const STEP = 15_000;
const grid = { fromMs: t0, toMs: t0 + 40 * STEP, stepMs: STEP };
const labels = { alertname: 'HighErrorRate', service: 'checkout', severity: 'critical' };
const at = (step: number) => t0 + step * STEP;
const fires = (...steps: number[]) => ({
  labels: { ...labels, __name__: 'ALERTS', alertstate: 'firing' },
  points: steps.map((step) => ({ atMs: at(step), value: 1 })),
});
const since = (told: [step: number, sinceStep: number][]) => ({
  labels: { ...labels, __name__: 'ALERTS_FOR_STATE' },
  points: told.map(([step, sinceStep]) => ({ atMs: at(step), value: at(sinceStep) / 1_000 })),
});

describe('alerts that ended while nobody looked', () => {
  it('began when their rule says and ended within a step of the last that saw them', () => {
    const found = endedAlerts([fires(10, 11, 12)], [since([[9, 8], [10, 8], [11, 8], [12, 8]])], grid); // biome-ignore format: a table
    expect(found).toEqual([
      {
        fingerprint: fingerprintOf(labels),
        name: 'HighErrorRate',
        severity: 'critical',
        service: 'checkout',
        labels,
        summary: 'HighErrorRate',
        startedMs: at(8),
        endedMs: at(13),
        raw: expect.any(Function),
      },
    ]);
    expect(JSON.parse(rawText(found[0] ?? {}) ?? '')).toEqual({
      stepMs: STEP,
      fires: [fires(10, 11, 12)],
      since: [since([[9, 8], [10, 8], [11, 8], [12, 8]])], // biome-ignore format: a table
    });
  });

  it('keep no more of their samples than the first and the last', () => {
    const long = { ...grid, toMs: t0 + 1_500 * STEP };
    const steps = Array.from({ length: 1_000 }, (_, step) => step);
    const [found] = endedAlerts([fires(...steps)], [since(steps.map((step) => [step, 0]))], long);
    const kept = JSON.parse(rawText(found ?? {}) ?? '');
    for (const { points, leftOut } of [kept.fires[0], kept.since[0]]) {
      expect([points.length, leftOut]).toEqual([200, 800]);
      expect([points[0].atMs, points.at(-1).atMs]).toEqual([at(0), at(999)]);
    }
  });

  it('are none of those that still fire', () => {
    expect(endedAlerts([fires(38, 39, 40)], [], grid)).toEqual([]);
    expect(endedAlerts([fires(10, 39, 40)], [since([[10, 9], [39, 9], [40, 9]])], grid)).toEqual([]); // biome-ignore format: a table
  });

  it('are one where whoever evaluates was away in the middle, and two where they began twice', () => {
    const away = endedAlerts([fires(10, 11, 20, 21)], [since([[10, 9], [11, 9], [20, 9], [21, 9]])], grid); // biome-ignore format: a table
    expect(away.map(({ startedMs, endedMs }) => [startedMs, endedMs])).toEqual([[at(9), at(22)]]);
    const twice = endedAlerts([fires(10, 11, 12)], [since([[10, 10], [11, 12], [12, 12]])], grid); // biome-ignore format: a table
    expect(twice.map(({ startedMs }) => startedMs)).toEqual([at(10), at(12)]);
  });

  it('begin with the first step that saw them where nothing tells since when', () => {
    const found = endedAlerts([fires(3, 4, 5, 9)], [], grid);
    expect(found.map(({ startedMs, endedMs }) => [startedMs, endedMs])).toEqual([
      [at(3), at(6)],
      [at(9), at(10)],
    ]);
  });

  it('are each told once, none before it began, whatever the samples', () => {
    const steps = fc.uniqueArray(fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(steps, fc.array(fc.tuple(fc.nat(40), fc.nat(40))), (some, told) => {
        const began = told.map(([step, earlier]): [number, number] => [step, Math.min(step, earlier)]);
        const found = endedAlerts([fires(...some)], [since(began)], grid);
        const keys = found.map(({ fingerprint, startedMs }) => `${fingerprint} ${startedMs}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { startedMs, endedMs } of found) {
          expect(endedMs).toBeGreaterThan(startedMs);
          expect(endedMs).toBeLessThanOrEqual(grid.toMs);
        }
      }),
    );
  });
});

it('are read in aligned steps, of which there are few however long nobody looked', () => {
  fc.assert(
    fc.property(fc.integer({ min: 20_000, max: 40 * 86_400_000 }), (lengthMs) => {
      const window = { fromMs: t0 + 1_234, toMs: t0 + 1_234 + lengthMs };
      const { fromMs, toMs, stepMs } = endedGrid(window);
      expect((toMs - fromMs) / stepMs).toBeLessThanOrEqual(2_002);
      expect([fromMs % stepMs, toMs % stepMs]).toEqual([0, 0]);
      expect(toMs).toBeLessThanOrEqual(window.toMs);
      expect(fromMs).toBeLessThanOrEqual(Math.max(window.fromMs, window.toMs - 86_400_000));
      for (const query of Object.values(endedQueries({ fromMs, toMs, stepMs })))
        expect(parser.parse(query).toString()).not.toContain('⚠');
    }),
  );
});
