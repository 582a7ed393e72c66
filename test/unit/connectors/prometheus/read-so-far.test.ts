import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readSoFar } from '../../../../electron/connectors/prometheus/read-so-far.ts';
import type { Grid } from '../../../../electron/connectors/prometheus/service-metrics.ts';
import type { MetricSeries } from '../../../../shared/vocabulary/metric.ts';

const minuteMs = 60_000;
const stepMs = 15_000;
const startMs = 40 * 60 * minuteMs;
const gridTo = (toMs: number, fromMs = startMs): Grid => ({ fromMs, toMs, stepMs });

type Known = Record<string, (atMs: number) => number | null>;

/** A server that knows some services, and remembers what it was asked. */
function server(known: Known) {
  const asked: Grid[] = [];
  const read = async (grid: Grid): Promise<MetricSeries[]> => {
    asked.push(grid);
    return Object.entries(known).flatMap(([service, valueAt]) => {
      const values = Array.from({ length: (grid.toMs - grid.fromMs) / grid.stepMs + 1 }, (_, step) =>
        valueAt(grid.fromMs + step * grid.stepMs),
      );
      const { fromMs } = grid;
      // Prometheus tells of nobody who has no sample in the window.
      if (values.every((value) => value === null)) return [];
      return [{ service, name: 'traffic', kind: 'traffic', unit: '1/s', labels: {}, fromMs, stepMs, values }];
    });
  };
  return { asked, read };
}

const byName = (series: readonly MetricSeries[]) =>
  [...series].sort((one, other) => (one.service < other.service ? -1 : 1));

it('asks for the end of a window that it has read before, and answers with all of it', async () => {
  const { asked, read } = server({ web: (atMs) => atMs });
  const soFar = readSoFar();
  await soFar('q', gridTo(startMs + 60 * minuteMs), read);
  const [web] = await soFar('q', gridTo(startMs + 61 * minuteMs), read);
  expect(asked.map(({ fromMs, toMs }) => (toMs - fromMs) / minuteMs)).toEqual([60, 6]);
  expect(web?.fromMs).toBe(startMs);
  expect(web?.values).toEqual(Array.from({ length: 61 * 4 + 1 }, (_, step) => startMs + step * stepMs));
});

it('says what the whole window says, whoever comes, goes and is silent in between', async () => {
  const minute = fc.integer({ min: 0, max: 90 });
  const presence = fc.array(fc.tuple(minute, minute), { maxLength: 3 });
  const rounds = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(presence, { maxLength: 4 }), rounds, async (services, steps) => {
      const known: Known = Object.fromEntries(
        services.map((spells, index) => [
          `s${index}`,
          (atMs) => {
            const isThere = spells.some(
              ([from, until]) => atMs >= startMs + from * minuteMs && atMs < startMs + until * minuteMs,
            );
            return isThere ? atMs + index : null;
          },
        ]),
      );
      const { read } = server(known);
      const soFar = readSoFar();
      let toMs = startMs + 25 * minuteMs;
      await soFar('q', gridTo(toMs), read);
      for (const count of steps) {
        toMs += count * 4 * stepMs;
        const told = await soFar('q', gridTo(toMs), read);
        const isKnown = ({ values }: MetricSeries) => values.some((value) => value !== null);
        expect(byName(told.filter(isKnown))).toEqual(byName(await read(gridTo(toMs))));
      }
    }),
    { numRuns: 60 },
  );
});

it('sees what came late by some minutes at once, and what was filled in far back before long', async () => {
  const late = new Map<number, number>();
  const { read } = server({ web: (atMs) => late.get(atMs) ?? 1 });
  const soFar = readSoFar();
  const endMs = startMs + 60 * minuteMs;
  await soFar('q', gridTo(endMs), read);
  late.set(endMs - 2 * minuteMs, 7);
  late.set(startMs + minuteMs, 9);
  const at = async (toMs: number) => (await soFar('q', gridTo(toMs), read))[0]?.values ?? [];
  const soon = await at(endMs + stepMs);
  expect(soon[58 * 4]).toBe(7);
  expect(soon[4]).toBe(1);
  expect((await at(endMs + 10 * minuteMs))[4]).toBe(9);
});

it('reads whole what is short, what moves, and what was asked in another way', async () => {
  const { asked, read } = server({ web: () => 1 });
  const soFar = readSoFar();
  const whole = (grid: Grid) => expect(asked.at(-1)).toEqual(grid);
  for (const grid of [
    gridTo(startMs + 10 * minuteMs),
    gridTo(startMs + 11 * minuteMs),
    gridTo(startMs + 60 * minuteMs),
    gridTo(startMs + 61 * minuteMs, startMs + minuteMs),
    { ...gridTo(startMs + 61 * minuteMs), stepMs: 30_000 },
    // An earlier end than before: a window that was closed.
    gridTo(startMs + 59 * minuteMs),
  ]) {
    await soFar('q', grid, read);
    whole(grid);
  }
  await soFar('another', gridTo(startMs + 61 * minuteMs), read);
  whole(gridTo(startMs + 61 * minuteMs));
});

it('keeps few windows, and of a failure nothing', async () => {
  const { asked, read } = server({ web: () => 1 });
  const soFar = readSoFar();
  const window = (index: number, more = 0) =>
    gridTo(startMs + (60 + more) * minuteMs, startMs + index * minuteMs);
  for (let index = 0; index < 5; index++) await soFar('q', window(index), read);
  await soFar('q', window(0, 1), read);
  expect(asked.at(-1)).toEqual(window(0, 1));
  await soFar('q', window(4, 1), read);
  expect(asked.at(-1)?.fromMs).toBeGreaterThan(startMs + 50 * minuteMs);
  const failing = async (): Promise<MetricSeries[]> => {
    throw new Error('down');
  };
  await expect(soFar('q', window(4, 2), failing)).rejects.toThrow('down');
  const [web] = await soFar('q', window(4, 2), read);
  expect(web?.values).toHaveLength(58 * 4 + 1);
});
