import { callCircles } from './call-circles.ts';
import { columnsOfLength } from './columns.ts';
import {
  type Channel,
  type Departure,
  departureOf,
  type Excess,
  type Normality,
  normalityOf,
  type Remainder,
  residualOf,
  type Stretch,
} from './excess.ts';
import type { Grid } from './grid.ts';
import type { Gauge, MeasuredService, MeasuredServices } from './measured-service.ts';
import { once } from './once.ts';
import {
  type Before,
  type Columns,
  carried,
  columnsOf,
  type OwnMemory,
  ownMemory,
  valuesOf,
} from './own-memory.ts';
import { learnShares, meanOf, type SharePrior, type Shares } from './share-regression.ts';
import { weights } from './weights.ts';

/** Measured callees and callers, looking through services that nothing is measured of. */
export type MeasuredCalls = {
  calleesOf(id: string): readonly string[];
  callersOf(id: string): readonly string[];
};

type Demand = Remainder & {
  relative: Float64Array;
  /** What part of it comes from each caller, in an order that names do not decide. */
  shares: ReadonlyMap<string, number>;
  noise: number;
};

/**
 * What a service shows by itself: by channel the strongest excess; null for one that nothing is measured of. INVARIANT: who
 * was asked about before makes no difference.
 */
export function ownExcesses(
  services: MeasuredServices,
  graph: MeasuredCalls,
  stretch: Stretch,
  grid: Grid,
  { memory = ownMemory(), before }: { memory?: OwnMemory; before?: Before | undefined } = {},
): (id: string) => readonly Excess[] | null {
  const { referenceUntil: until } = stretch;
  const last = before && before.same >= until ? before : undefined;
  const excesses = new Map<string, readonly Excess[]>();
  const demands = new Map<string, Demand | null>();
  const relatives = new Map<string, Float64Array>();
  const asked = new Map<string, Float64Array>();
  const column = columnsOfLength(grid.length);
  const circleOf = callCircles(graph.callersOf);
  return (id) => {
    const service = services.get(id);
    return service ? once(excesses, id, () => strongest(id, remaindersOf(id, service))) : null;
  };

  function demandOf(id: string): Demand | null {
    return once(demands, id, () => unexplainedTraffic(id, services.get(id)));
  }

  /** What goes into a quantity, learnt once for all the time that the samples before the trouble stay the same. */
  function sharesOf(
    key: string,
    target: Float64Array,
    parts: readonly Float64Array[],
    prior: SharePrior,
  ): Shares {
    return carried(memory.shares, last?.memory.shares, key, () => learnShares(target, parts, until, prior));
  }

  function columns(key: string, fill: (columns: Columns, from: number) => void): Columns {
    const known = last?.memory.columns.get(key);
    return once(memory.columns, key, () => columnsOf(column, known, last?.same ?? 0, fill));
  }

  function values(key: string, fill: (values: Float64Array, from: number) => void): Float64Array {
    const known = last?.memory.values.get(key);
    return once(memory.values, key, () => valuesOf(column, known, last?.same ?? 0, fill));
  }

  function strongest(id: string, remainders: readonly Remainder[]): Excess[] {
    const best = new Map<Channel, { departure: Departure; remainder: Remainder; normal: Normality }>();
    for (const [at, remainder] of remainders.entries()) {
      const normal = carried(memory.normal, last?.memory.normal, `${at} ${id}`, () =>
        normalityOf(remainder, stretch),
      );
      if (!normal) continue;
      const departure = departureOf(remainder, normal, stretch);
      const { channel, strength } = departure;
      if (strength > (best.get(channel)?.departure.strength ?? 0))
        best.set(channel, { departure, remainder, normal });
    }
    return [...best.values()].map(({ departure, remainder, normal }) => ({
      ...departure,
      residual: residualOf(remainder, normal, column()),
    }));
  }

  function remaindersOf(id: string, service: MeasuredService): Remainder[] {
    const works = service.saturations.map((gauge, at) => ownWork(`work ${at} ${id}`, service, gauge));
    const load = loadFactor(id, service, works);
    const found = service.latencies.map((gauge, at) => ownLatency(id, at, gauge, load));
    const errors = ownErrors(id, service, load);
    if (errors) found.push(errors);
    found.push(...works);
    const calls = ownCalls(id);
    if (calls) found.push(calls);
    const traffic = demandOf(id);
    if (traffic) found.push({ ...traffic, values: withoutDrift(traffic.values, column(), grid) });
    return found;
  }

  /** How much slower load alone makes it: an M/G/1 queue at the utilisation that what it is asked leads to expect. */
  function loadFactor(
    id: string,
    { saturations }: MeasuredService,
    works: readonly Remainder[],
  ): Float64Array {
    const asked = askedOf(id);
    const busy = utilisationOf(saturations.filter((_, at) => works[at]?.channel === 'work'));
    const before = queueing(busy);
    return values(`load ${id}`, (load, from) => {
      for (let at = from; at < grid.length; at += 1) load[at] = queueing(busy * (asked[at] ?? 1)) / before;
    });
  }

  /**
   * Traffic relative to its usual without what may be retries: a service that fails is asked again, and that load is of
   * its own making. At least what its callers are asked comes down to it.
   */
  function askedOf(id: string): Float64Array {
    const known = asked.get(id);
    if (known) return known;
    const own = demandOf(id);
    if (!own) return column().fill(1);
    if (own.shares.size === 0) return own.relative;
    const { errors } = services.get(id) ?? {};
    const failing = errors ? meanOf(errors.values, until) : 0;
    // Round a circle of calls there is no first: there all that a caller gets counts as what it is asked.
    const callers = [...own.shares].map(([caller, share]) => ({
      share,
      asked: circleOf(caller) === circleOf(id) ? relativeTraffic(caller) : askedOf(caller),
    }));
    const found = values(`asked ${id}`, (relative, from) => {
      for (let at = from; at < grid.length; at += 1) {
        const times = own.relative[at] ?? 1;
        const more = Math.max(0, (errors?.values[at] ?? failing) - failing);
        let passedDown = 1;
        for (const one of callers) passedDown += one.share * ((one.asked[at] ?? 1) - 1);
        relative[at] = Math.min(times, Math.max(passedDown, times / (1 + weights.own.retries * more)));
      }
    });
    asked.set(id, found);
    return found;
  }

  function utilisationOf(works: readonly Gauge[]): number {
    const shares = works.flatMap(({ values, unit }) => {
      if (unit !== undefined && !/^(1|ratio|%|percent|)$/i.test(unit)) return [];
      const mean = meanOf(values, until) / (unit === '%' || unit === 'percent' ? 100 : 1);
      return mean > 0.02 && mean < 1 ? [mean] : [];
    });
    return Math.min(0.9, shares.length === 0 ? weights.own.usualUtilisation : Math.max(...shares));
  }

  function ownLatency(id: string, place: number, gauge: Gauge, load: Float64Array): Remainder {
    const { sharePrior } = weights.own;
    const key = `latency ${place} ${id}`;
    const parts = graph.calleesOf(id).flatMap((callee) => matching(services.get(callee), gauge) ?? []);
    const { share, uncertainty } = sharesOf(key, gauge.values, parts, sharePrior.latency);
    const usual = meanOf(gauge.values, until);
    const means = parts.map((part) => meanOf(part, until));
    const inherited = sumOver(means, (mean, k) => mean * (share[k] ?? 0));
    const most = weights.own.mostInherited * usual;
    const fit = inherited > most ? most / inherited : 1;
    const own = usual - inherited * fit;
    const found = columns(key, ({ values, doubt }, from) => {
      for (let at = from; at < grid.length; at += 1) {
        const slower = load[at] ?? 1;
        let expected = own * slower;
        let unsure = 0;
        for (let k = 0; k < parts.length; k += 1) {
          const now = parts[k]?.[at] ?? 0;
          expected += (share[k] ?? 0) * fit * now;
          unsure += ((uncertainty[k] ?? 0) * (now - (means[k] ?? 0))) ** 2;
        }
        values[at] = Math.log((gauge.values[at] ?? usual) / expected);
        const ofLoad = weights.own.loadDoubt * Math.log(slower) * own * slower;
        doubt[at] = Math.sqrt(unsure + ofLoad ** 2) / expected;
      }
    });
    return { channel: 'latency', metric: gauge.name, ...found, floor: weights.own.floor.latency };
  }

  function ownErrors(id: string, service: MeasuredService, load: Float64Array): Remainder | null {
    const { errors } = service;
    if (!errors) return null;
    const callees = graph.calleesOf(id).flatMap((callee) => services.get(callee) ?? []);
    const parts = callees.flatMap((callee) => callee.errors?.values ?? []);
    const { share, uncertainty } = sharesOf(
      `errors ${id}`,
      errors.values,
      parts,
      weights.own.sharePrior.errors,
    );
    const means = parts.map((part) => meanOf(part, until));
    const usual = meanOf(errors.values, until);
    const slow = callees.flatMap(({ latencies }) => latencies.flatMap((one) => slowness(one) ?? []));
    const found = columns(`errors ${id}`, ({ values, doubt }, from) => {
      for (let at = from; at < grid.length; at += 1) {
        let expected = usual;
        let unsure = (weights.own.overloadErrors * Math.max(0, Math.log(load[at] ?? 1) - 0.7)) ** 2;
        for (let k = 0; k < parts.length; k += 1) {
          const more = (parts[k]?.[at] ?? 0) - (means[k] ?? 0);
          expected += (share[k] ?? 0) * more;
          unsure += ((uncertainty[k] ?? 0) * more) ** 2;
        }
        for (const one of slow) unsure += (one[at] ?? 0) ** 2;
        values[at] = (errors.values[at] ?? usual) - expected;
        doubt[at] = Math.sqrt(unsure);
      }
    });
    const requests = service.traffic ? meanOf(service.traffic.values, until) * service.requestsPerUnit : 0;
    const counting = requests > 1 ? Math.sqrt(Math.max(usual, 1 / requests) / requests) : 0;
    return {
      channel: 'errors',
      metric: errors.name,
      ...found,
      floor: Math.max(weights.own.floor.errors, counting),
    };
  }

  /** A callee that takes longer than callers commonly wait makes them fail without failing itself. Null if it never does. */
  function slowness({ values, unit }: Gauge): Float64Array | null {
    const scale = unit === 'ms' ? 1000 : 1;
    const patience = weights.own.patienceSeconds * scale;
    const least = Math.max(patience, weights.own.slower * meanOf(values, until));
    let found: Float64Array | null = null;
    for (let at = 0; at < grid.length; at += 1) {
      const now = values[at] ?? 0;
      if (now <= least) continue;
      found ??= column();
      found[at] = weights.own.timeoutErrors * Math.min(1, Math.log(now / patience));
    }
    return found;
  }

  /** Utilisation beyond what traffic explains; what does not go with the traffic that is measured is called memory. */
  function ownWork(key: string, { traffic }: MeasuredService, gauge: Gauge): Remainder {
    const logs = logarithms(gauge.values, column());
    const load = traffic && logarithms(traffic.values, column());
    const { share, uncertainty } = sharesOf(key, logs, load ? [load] : [], weights.own.sharePrior.work);
    const slope = load ? (share[0] ?? 0) : 0;
    const middle = load ? meanOf(load, until) : 0;
    const found = columns(key, ({ values, doubt }, from) => {
      for (let at = from; at < grid.length; at += 1) {
        const more = (load?.[at] ?? middle) - middle;
        values[at] = (logs[at] ?? 0) - slope * more;
        doubt[at] = (uncertainty[0] ?? 0) * Math.abs(more);
      }
    });
    const isWork = load === null || slope >= weights.own.workSlope;
    return {
      channel: isWork ? 'work' : 'memory',
      metric: gauge.name,
      ...found,
      floor: weights.own.floor.work,
    };
  }

  /** Traffic beyond what comes from its callers, and what share each of them has in it. */
  function unexplainedTraffic(id: string, service: MeasuredService | undefined): Demand | null {
    if (!service?.traffic) return null;
    const { traffic, errors } = service;
    const callers = graph.callersOf(id).filter((caller) => services.get(caller)?.traffic);
    const parts = callers.map(relativeTraffic);
    const relative = relativeTraffic(id);
    const requests = meanOf(traffic.values, until) * service.requestsPerUnit;
    const floor = Math.max(weights.own.floor.traffic, 1 / Math.sqrt(Math.max(1, requests)));
    const k = Math.max(1, parts.length);
    const { share, uncertainty } = sharesOf(`demand ${id}`, relative, parts, {
      mean: 1 / k,
      deviation: Math.hypot(0.1, 0.5 * (1 - 1 / k)),
    });
    const all = sumOver([...share], (one) => one);
    const fit = all > 1 ? 1 / all : 1;
    const failing = errors ? meanOf(errors.values, until) : 0;
    const found = columns(`demand ${id}`, ({ values, doubt }, from) => {
      for (let at = from; at < grid.length; at += 1) {
        let expected = 1;
        // Who is failed by a service asks it again; those outside are too many to do so at once.
        const again =
          parts.length === 0 ? 0 : weights.own.retries * ((errors?.values[at] ?? failing) - failing);
        let unsure = again ** 2;
        for (let p = 0; p < parts.length; p += 1) {
          const more = (parts[p]?.[at] ?? 1) - 1;
          expected += (share[p] ?? 0) * fit * more;
          unsure += ((uncertainty[p] ?? 0) * more) ** 2;
        }
        values[at] = Math.log(Math.max(0.02, relative[at] ?? 1) / Math.max(0.02, expected));
        doubt[at] = Math.sqrt(unsure);
      }
    });
    const noise = spreadOf(found.values, until);
    const shares = new Map(callers.map((caller, at) => [caller, (share[at] ?? 0) * fit]));
    return {
      channel: 'demand',
      metric: traffic.name,
      ...found,
      floor,
      relative,
      shares,
      noise,
    };
  }

  /** A handful of requests more is no surge where there are hardly any. */
  function relativeTraffic(id: string): Float64Array {
    return once(relatives, id, () => {
      const { traffic, requestsPerUnit } = services.get(id) ?? { traffic: null, requestsPerUnit: 1 };
      if (!traffic) return column().fill(1);
      const few = weights.own.fewRequests / requestsPerUnit;
      const usual = meanOf(traffic.values, until) + few;
      return values(`relative ${id}`, (relative, from) => {
        for (let at = from; at < grid.length; at += 1)
          relative[at] = ((traffic.values[at] ?? 0) + few) / usual;
      });
    });
  }

  /** That it calls more often than its own traffic explains: all its callees get more than their callers account for. */
  function ownCalls(id: string): Remainder | null {
    const callees = graph.calleesOf(id).flatMap((callee) => {
      const found = demandOf(callee);
      const share = found?.shares.get(id) ?? 0;
      return found && share > weights.own.leastShare ? [{ found, share }] : [];
    });
    if (callees.length === 0) return null;
    const weighted = callees.map(({ found, share }) => ({
      found,
      weight: share / Math.max(found.noise, found.floor) ** 2,
      share,
    }));
    const certain = sumOver(weighted, ({ weight, share }) => weight * share);
    const found = columns(`calls ${id}`, ({ values, doubt }, from) => {
      for (let at = from; at < grid.length; at += 1) {
        let sum = 0;
        let squares = 0;
        for (const { found, weight } of weighted) {
          sum += weight * (found.values[at] ?? 0);
          squares += (weight * (found.doubt?.[at] ?? 0)) ** 2;
        }
        values[at] = sum / certain;
        doubt[at] = Math.sqrt(squares) / certain;
      }
    });
    return {
      channel: 'calls',
      metric: callees[0]?.found.metric ?? '',
      ...found,
      floor: weights.own.floor.traffic,
    };
  }
}

/** Less the mean of an hour that ended a while ago: what swells over hours, as a day does, is nobody's fault. */
function withoutDrift(values: Float64Array, left: Float64Array, { stepMs }: Grid): Float64Array {
  const { fromMs, toMs } = weights.own.drift;
  const back = Math.max(2, Math.round(fromMs / stepMs));
  const near = Math.max(1, Math.round(toMs / stepMs));
  const sums = new Float64Array(values.length + 1);
  for (let at = 0; at < values.length; at += 1) sums[at + 1] = (sums[at] ?? 0) + (values[at] ?? 0);
  for (let at = 0; at < values.length; at += 1) {
    const until = Math.max(at - near, Math.min(at, back - near) + 1, 1);
    const from = Math.max(0, until - (back - near));
    left[at] = (values[at] ?? 0) - ((sums[until] ?? 0) - (sums[from] ?? 0)) / (until - from);
  }
  return left;
}

function logarithms(values: Float64Array, logs: Float64Array): Float64Array {
  for (let at = 0; at < values.length; at += 1) logs[at] = Math.log(values[at] ?? 1);
  return logs;
}

/** M/G/1 with exponential service: the wait grows without bound near full use; what is over full is taken as nearly so. */
function queueing(busy: number): number {
  const use = Math.min(0.97, Math.max(0, busy));
  return 1 + (0.5 * use * use) / (1 - use);
}

/** The same quantity of the callee: by name, else any that it has of that kind. */
function matching(callee: MeasuredService | undefined, { name }: Gauge): Float64Array | undefined {
  return (callee?.latencies.find((one) => one.name === name) ?? callee?.latencies[0])?.values;
}

function spreadOf(values: Float64Array, until: number): number {
  const middle = meanOf(values, until);
  let sum = 0;
  for (let at = 0; at < until; at += 1) sum += ((values[at] ?? 0) - middle) ** 2;
  return Math.sqrt(sum / Math.max(1, until));
}

const sumOver = <T>(all: readonly T[], of: (one: T, at: number) => number): number =>
  all.reduce((sum, one, at) => sum + of(one, at), 0);
