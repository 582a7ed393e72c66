import { type Channel, type Excess, excessOf, type Remainder, type Stretch } from './excess.ts';
import type { Grid } from './grid.ts';
import type { Gauge, MeasuredService, MeasuredServices } from './measured-service.ts';
import { learnShares, meanOf } from './share-regression.ts';
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

/** Of each suspect what it shows by itself: by channel the strongest excess. */
export function ownExcesses(
  suspects: readonly string[],
  services: MeasuredServices,
  graph: MeasuredCalls,
  stretch: Stretch,
  grid: Grid,
): Map<string, Excess[]> {
  const { referenceUntil: until } = stretch;
  const demands = new Map<string, Demand | null>();
  const asked = new Map<string, Float64Array>();
  return new Map(
    suspects.flatMap((id) => {
      const service = services.get(id);
      return service ? [[id, strongest(remaindersOf(id, service))] as const] : [];
    }),
  );

  function demandOf(id: string): Demand | null {
    const known = demands.get(id);
    if (known !== undefined) return known;
    const found = unexplainedTraffic(id, services.get(id));
    demands.set(id, found);
    return found;
  }

  function strongest(remainders: readonly Remainder[]): Excess[] {
    const best = new Map<Channel, Excess>();
    for (const remainder of remainders) {
      const excess = excessOf(remainder, stretch);
      if (excess && excess.strength > (best.get(excess.channel)?.strength ?? 0))
        best.set(excess.channel, excess);
    }
    return [...best.values()];
  }

  function remaindersOf(id: string, service: MeasuredService): Remainder[] {
    const works = service.saturations.map((gauge) => ownWork(service, gauge));
    const load = loadFactor(id, service, works);
    const found = service.latencies.map((gauge) => ownLatency(id, gauge, load));
    const errors = ownErrors(id, service, load);
    if (errors) found.push(errors);
    found.push(...works);
    const calls = ownCalls(id);
    if (calls) found.push(calls);
    const traffic = demandOf(id);
    if (traffic) found.push({ ...traffic, values: withoutDrift(traffic.values, grid) });
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
    return asked.map((times) => queueing(busy * times) / before);
  }

  /**
   * Traffic relative to its usual without what may be retries: a service that fails is asked again, and that load is of
   * its own making. At least what its callers are asked comes down to it.
   */
  function askedOf(id: string): Float64Array {
    const known = asked.get(id);
    if (known) return known;
    const own = demandOf(id);
    if (!own) return new Float64Array(grid.length).fill(1);
    // What stands here while its callers are looked at ends a circle of calls.
    asked.set(id, own.relative);
    if (own.shares.size === 0) return own.relative;
    const { errors } = services.get(id) ?? {};
    const failing = errors ? meanOf(errors.values, until) : 0;
    const callers = [...own.shares].map(([caller, share]) => ({ share, asked: askedOf(caller) }));
    const found = own.relative.map((times, at) => {
      const more = Math.max(0, (errors?.values[at] ?? failing) - failing);
      const passedDown = callers.reduce((sum, one) => sum + one.share * ((one.asked[at] ?? 1) - 1), 1);
      return Math.min(times, Math.max(passedDown, times / (1 + weights.own.retries * more)));
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

  function ownLatency(id: string, gauge: Gauge, load: Float64Array): Remainder {
    const { sharePrior } = weights.own;
    const parts = graph.calleesOf(id).flatMap((callee) => matching(services.get(callee), gauge) ?? []);
    const { share, uncertainty } = learnShares(gauge.values, parts, until, sharePrior.latency);
    const usual = meanOf(gauge.values, until);
    const means = parts.map((part) => meanOf(part, until));
    const inherited = sumOver(means, (mean, k) => mean * (share[k] ?? 0));
    const most = weights.own.mostInherited * usual;
    const fit = inherited > most ? most / inherited : 1;
    const own = usual - inherited * fit;
    const values = new Float64Array(grid.length);
    const doubt = new Float64Array(grid.length);
    for (let at = 0; at < grid.length; at += 1) {
      const slower = load[at] ?? 1;
      let expected = own * slower;
      let unsure = 0;
      for (let k = 0; k < parts.length; k += 1) {
        const now = parts[k]?.[at] ?? 0;
        expected += (share[k] ?? 0) * fit * now;
        unsure += ((uncertainty[k] ?? 0) * (now - (means[k] ?? 0))) ** 2;
      }
      values[at] = Math.log((gauge.values[at] ?? usual) / expected);
      doubt[at] = Math.hypot(
        Math.sqrt(unsure) / expected,
        weights.own.loadDoubt * Math.abs(Math.log(slower)) * ((own * slower) / expected),
      );
    }
    return { channel: 'latency', metric: gauge.name, values, doubt, floor: weights.own.floor.latency };
  }

  function ownErrors(id: string, service: MeasuredService, load: Float64Array): Remainder | null {
    const { errors } = service;
    if (!errors) return null;
    const callees = graph.calleesOf(id).flatMap((callee) => services.get(callee) ?? []);
    const parts = callees.flatMap((callee) => callee.errors?.values ?? []);
    const { share, uncertainty } = learnShares(errors.values, parts, until, weights.own.sharePrior.errors);
    const means = parts.map((part) => meanOf(part, until));
    const usual = meanOf(errors.values, until);
    const slow = callees.flatMap(({ latencies }) => latencies.map(slowness));
    const values = new Float64Array(grid.length);
    const doubt = new Float64Array(grid.length);
    for (let at = 0; at < grid.length; at += 1) {
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
    const requests = service.traffic ? meanOf(service.traffic.values, until) * service.requestsPerUnit : 0;
    const counting = requests > 1 ? Math.sqrt(Math.max(usual, 1 / requests) / requests) : 0;
    return {
      channel: 'errors',
      metric: errors.name,
      values,
      doubt,
      floor: Math.max(weights.own.floor.errors, counting),
    };
  }

  /** A callee that takes longer than callers commonly wait makes them fail without failing itself. */
  function slowness({ values, unit }: Gauge): Float64Array {
    const scale = unit === 'ms' ? 1000 : 1;
    const usual = meanOf(values, until);
    const patience = weights.own.patienceSeconds * scale;
    return values.map((now) =>
      now > patience && now > weights.own.slower * usual
        ? weights.own.timeoutErrors * Math.min(1, Math.log(now / patience))
        : 0,
    );
  }

  /** Utilisation beyond what traffic explains; what does not go with the traffic that is measured is called memory. */
  function ownWork({ traffic }: MeasuredService, gauge: Gauge): Remainder {
    const logs = gauge.values.map(Math.log);
    const load = traffic?.values.map(Math.log);
    const { share, uncertainty } = learnShares(logs, load ? [load] : [], until, weights.own.sharePrior.work);
    const slope = load ? (share[0] ?? 0) : 0;
    const middle = load ? meanOf(load, until) : 0;
    const values = logs.map((one, at) => one - slope * ((load?.[at] ?? middle) - middle));
    const doubt = load ? load.map((one) => (uncertainty[0] ?? 0) * Math.abs(one - middle)) : null;
    const isWork = load === undefined || slope >= weights.own.workSlope;
    return {
      channel: isWork ? 'work' : 'memory',
      metric: gauge.name,
      values,
      doubt,
      floor: weights.own.floor.work,
    };
  }

  /** Traffic beyond what comes from its callers, and what share each of them has in it. */
  function unexplainedTraffic(id: string, service: MeasuredService | undefined): Demand | null {
    if (!service?.traffic) return null;
    const { traffic, errors } = service;
    const callers = graph.callersOf(id).filter((caller) => services.get(caller)?.traffic);
    const parts = callers.map((caller) => relativeTraffic(services.get(caller)));
    const relative = relativeTraffic(service);
    const requests = meanOf(traffic.values, until) * service.requestsPerUnit;
    const floor = Math.max(weights.own.floor.traffic, 1 / Math.sqrt(Math.max(1, requests)));
    const k = Math.max(1, parts.length);
    const { share, uncertainty } = learnShares(relative, parts, until, {
      mean: 1 / k,
      deviation: Math.hypot(0.1, 0.5 * (1 - 1 / k)),
    });
    const all = sumOver([...share], (one) => one);
    const fit = all > 1 ? 1 / all : 1;
    const failing = errors ? meanOf(errors.values, until) : 0;
    const values = new Float64Array(grid.length);
    const doubt = new Float64Array(grid.length);
    for (let at = 0; at < grid.length; at += 1) {
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
    const noise = spreadOf(values, until);
    const shares = new Map(callers.map((caller, at) => [caller, (share[at] ?? 0) * fit]));
    return {
      channel: 'demand',
      metric: traffic.name,
      values,
      doubt,
      floor,
      relative,
      shares,
      noise,
    };
  }

  /** A handful of requests more is no surge where there are hardly any. */
  function relativeTraffic(service: MeasuredService | undefined): Float64Array {
    if (!service?.traffic) return new Float64Array(grid.length).fill(1);
    const few = weights.own.fewRequests / service.requestsPerUnit;
    const usual = meanOf(service.traffic.values, until) + few;
    return service.traffic.values.map((one) => (one + few) / usual);
  }

  /** That it calls more often than its own traffic explains: all its callees get more than their callers account for. */
  function ownCalls(id: string): Remainder | null {
    const callees = graph.calleesOf(id).flatMap((callee) => {
      const found = demandOf(callee);
      const share = found?.shares.get(id) ?? 0;
      return found && share > weights.own.leastShare ? [{ found, share }] : [];
    });
    if (callees.length === 0) return null;
    const values = new Float64Array(grid.length);
    const doubt = new Float64Array(grid.length);
    let certain = 0;
    for (const { found, share } of callees) {
      const weight = share / Math.max(found.noise, found.floor) ** 2;
      certain += weight * share;
      for (let at = 0; at < grid.length; at += 1) {
        values[at] = (values[at] ?? 0) + weight * (found.values[at] ?? 0);
        doubt[at] = (doubt[at] ?? 0) + (weight * (found.doubt?.[at] ?? 0)) ** 2;
      }
    }
    return {
      channel: 'calls',
      metric: callees[0]?.found.metric ?? '',
      values: values.map((one) => one / certain),
      doubt: doubt.map((one) => Math.sqrt(one) / certain),
      floor: weights.own.floor.traffic,
    };
  }
}

/** Less the mean of an hour that ended a while ago: what swells over hours, as a day does, is nobody's fault. */
function withoutDrift(values: Float64Array, { stepMs }: Grid): Float64Array {
  const { fromMs, toMs } = weights.own.drift;
  const back = Math.max(2, Math.round(fromMs / stepMs));
  const near = Math.max(1, Math.round(toMs / stepMs));
  const sums = new Float64Array(values.length + 1);
  for (let at = 0; at < values.length; at += 1) sums[at + 1] = (sums[at] ?? 0) + (values[at] ?? 0);
  return values.map((value, at) => {
    const until = Math.max(at - near, Math.min(at, back - near) + 1, 1);
    const from = Math.max(0, until - (back - near));
    return value - ((sums[until] ?? 0) - (sums[from] ?? 0)) / (until - from);
  });
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
