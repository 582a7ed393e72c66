import { columnsOfLength } from './columns.ts';
import { atLeast, type Grid, onGrid } from './grid.ts';
import { sumOf } from './median.ts';
import { once } from './once.ts';
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
  /** Up to which place of the grid all that was put on another's clock was what it is here; 0 if it was other things. */
  sameAs(before: MeasuredServices): number;
  /** What was put on the clock so far. */
  known: ReadonlyMap<string, MeasuredService>;
};

export function measuredServices(
  byService: ReadonlyMap<string, readonly Series[]>,
  grid: Grid,
): MeasuredServices {
  const column = columnsOfLength(grid.length);
  const known = new Map<string, MeasuredService>();
  const weights = new Map<string, number>();
  const get = (id: string): MeasuredService | undefined => {
    const series = byService.get(id);
    return series && once(known, id, () => measured(series, grid, column));
  };
  return {
    known,
    sameAs: (before) =>
      [...before.known].reduce(
        (same, [id, was]) => Math.min(same, same && sameIn(was, get(id))),
        grid.length,
      ),
    weight(id) {
      const before = weights.get(id);
      if (before !== undefined) return before;
      const series = byService.get(id) ?? [];
      // What is young would have another number with every sample.
      const grown = series.filter(({ isGrown }) => isGrown);
      const found = sumOf((grown.length > 0 ? grown : series).map(({ firstSum }) => firstSum));
      weights.set(id, found);
      return found;
    },
    has: (id) => byService.has(id),
    get,
  };
}

function sameIn(was: MeasuredService, is: MeasuredService | undefined): number {
  const [before, now] = [gaugesIn(was), is ? gaugesIn(is) : []];
  const isAlike = before.length === now.length && was.requestsPerUnit === is?.requestsPerUnit;
  return isAlike
    ? before.reduce((same, one, at) => Math.min(same, sameGauge(one, now[at])), Number.MAX_SAFE_INTEGER)
    : 0;
}

const gaugesIn = ({ latencies, saturations, errors, traffic }: MeasuredService): (Gauge | null)[] => [
  errors,
  traffic,
  ...latencies,
  null,
  ...saturations,
];

function sameGauge(was: Gauge | null, is: Gauge | null | undefined): number {
  if (!was || !is) return was === is ? Number.MAX_SAFE_INTEGER : 0;
  if (was.name !== is.name || was.unit !== is.unit) return 0;
  const length = Math.min(was.values.length, is.values.length);
  for (let at = 0; at < length; at += 1) if (!Object.is(was.values[at], is.values[at])) return at;
  return length;
}

function measured(series: readonly Series[], grid: Grid, column: () => Float64Array): MeasuredService {
  const gaugesOf = (kind: Series['metric']['kind']): Gauge[] => {
    const chosen = series.filter(({ metric }) => metric.kind === kind);
    return [...Map.groupBy(chosen, ({ metric }) => metric.name)].map(([name, same]) =>
      gaugeOf(name, same, grid, column),
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
function gaugeOf(name: string, same: readonly Series[], grid: Grid, column: () => Float64Array): Gauge {
  const wholes = same.filter(isWhole);
  const [first] = same;
  const values = meanOf(
    (wholes.length > 0 ? wholes.slice(0, 1) : same).map((one) => onGrid(one, grid, column())),
  );
  const isShare = first?.metric.kind === 'error_rate' || first?.metric.kind === 'availability';
  return { name, values: isShare ? values : atLeast(values), unit: first?.metric.unit };
}

function meanOf(parts: readonly Float64Array[]): Float64Array {
  const [first] = parts;
  if (!first || parts.length === 1) return first ?? new Float64Array();
  return first.map((_, at) => parts.reduce((sum, part) => sum + (part[at] ?? 0), 0) / parts.length);
}

export function isWhole({ metric: { labels } }: Series): boolean {
  for (const _ in labels) return false;
  return true;
}

/** A rate is per second or minute; a plain count is of one step. */
function requestsPerUnit(unit: string | undefined, { stepMs }: Grid): number {
  if (unit === undefined) return 1;
  if (/\/\s*m|per.?m|rpm/i.test(unit)) return stepMs / 60_000;
  return /rps|\/\s*s|per.?s/i.test(unit) ? stepMs / 1000 : 1;
}
