import { atLeast, type Grid, onGrid } from './grid.ts';
import { median, sumOf } from './median.ts';
import type { Series } from './series.ts';

/** What is measured of one service, on the common clock. Failures are shares of requests, whatever told them. */
export type MeasuredService = {
  latencies: Gauge[];
  saturations: Gauge[];
  errors: Gauge | null;
  traffic: Gauge | null;
  /** How many requests of one step a unit of its traffic stands for: a share of few requests is a rough number. */
  requestsPerUnit: number;
};

export type Gauge = { name: string; values: Float64Array; unit: string | undefined };

/** The services that anything is measured of. What it is is put on the common clock when it is first asked for. */
export type MeasuredServices = {
  has(id: string): boolean;
  get(id: string): MeasuredService | undefined;
  /** A number of what is measured of a service that hardly two services share; asking for it puts nothing on the clock. */
  weight(id: string): number;
};

export function measuredServices(all: readonly Series[], grid: Grid): MeasuredServices {
  const byService = Map.groupBy(all, ({ metric }) => metric.service);
  const known = new Map<string, MeasuredService>();
  const weights = new Map<string, number>();
  return {
    weight(id) {
      const before = weights.get(id);
      if (before !== undefined) return before;
      const series = byService.get(id) ?? [];
      const found = sumOf(series.map(({ amounts }) => amounts.subarray(0, MANY).reduce(plus, 0)));
      weights.set(id, found);
      return found;
    },
    has: (id) => byService.has(id),
    get(id) {
      const series = byService.get(id);
      if (!series) return undefined;
      const found = known.get(id) ?? measured(series, grid);
      known.set(id, found);
      return found;
    },
  };
}

/** So many samples of each series are enough for a number of its own. */
const MANY = 32;
const plus = (sum: number, one: number): number => sum + one;

function measured(series: readonly Series[], grid: Grid): MeasuredService {
  const gaugesOf = (kind: Series['metric']['kind']): Gauge[] => {
    const chosen = series.filter(({ metric }) => metric.kind === kind);
    return [...Map.groupBy(chosen, ({ metric }) => metric.name)].map(([name, same]) =>
      gaugeOf(name, same, grid),
    );
  };
  const traffic = gaugesOf('traffic')[0] ?? null;
  return {
    latencies: gaugesOf('latency'),
    saturations: gaugesOf('saturation'),
    errors: gaugesOf('error_rate')[0] ?? gaugesOf('availability')[0] ?? null,
    traffic,
    requestsPerUnit: requestsPerUnit(traffic?.unit, grid),
  };
}

/** The whole of a service where it is measured as one, else the mean of its parts. */
function gaugeOf(name: string, same: readonly Series[], grid: Grid): Gauge {
  const wholes = same.filter(isWhole);
  const [first] = same;
  const values = meanOf((wholes.length > 0 ? wholes.slice(0, 1) : same).map((one) => onGrid(one, grid)));
  const isShare = first?.metric.kind === 'error_rate' || first?.metric.kind === 'availability';
  return { name, values: isShare ? values : atLeast(values, median(values)), unit: first?.metric.unit };
}

function meanOf(parts: readonly Float64Array[]): Float64Array {
  const [first] = parts;
  if (!first || parts.length === 1) return first ?? new Float64Array();
  return first.map((_, at) => parts.reduce((sum, part) => sum + (part[at] ?? 0), 0) / parts.length);
}

export const isWhole = ({ metric: { labels } }: Series): boolean => Object.keys(labels ?? {}).length === 0;

/** A rate is per second or minute; a plain count is of one step. */
function requestsPerUnit(unit: string | undefined, { stepMs }: Grid): number {
  if (unit === undefined) return 1;
  if (/\/\s*m|per.?m|rpm/i.test(unit)) return stepMs / 60_000;
  return /rps|\/\s*s|per.?s/i.test(unit) ? stepMs / 1000 : 1;
}
