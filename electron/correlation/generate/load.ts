import type { Chance } from './chance.ts';
import { type Levers, leversOf } from './levers.ts';
import type { Topology } from './topology.ts';

/** Steps of a case, before its data is cut to a window: how long each is, how many, and about when trouble begins. */
export type Grid = { stepMinutes: number; steps: number; effectMinute: number };

/** The services as they are while nothing is wrong, and the traffic that comes in. */
export type World = {
  topology: Topology;
  grid: Grid;
  /** Latency of a service without load, seconds; share of its requests that fail; requests a second it could just serve. */
  latency: Float64Array;
  errors: Float64Array;
  capacity: Float64Array;
  /** p99 over mean latency; memory in use, a share. */
  tail: Float64Array;
  memory: Float64Array;
  /** Requests a second at each entry, by step. */
  incoming: Float64Array[];
  /** What moves though nothing is wrong: growth and batches. */
  ordinary: Levers;
};

const DAY_MINUTES = 1440;

export function drawWorld(chance: Chance, topology: Topology, grid: Grid, organicRamp: number): World {
  const each = (draw: () => number) => Float64Array.from({ length: topology.size }, draw);
  const entryRps = topology.entries.map(() => chance.logBetween(20, 1500));
  const incoming = entryRps.map((rps) => drawIncoming(chance, rps, grid));
  const utilisation = each(() => chance.between(0.35, 0.65));
  const typical = typicalTraffic(topology, entryRps);
  const ordinary = leversOf(grid.steps);
  if (chance.chance(organicRamp)) grow(chance, ordinary, topology, grid);
  if (chance.chance(0.5)) addBatch(chance, ordinary, topology, grid);
  return {
    topology,
    grid,
    latency: each(() => chance.logNormal(0.02, 0.8)),
    errors: each(() => chance.logNormal(0.001, 0.7)),
    capacity: typical.map((rps, service) => rps / (utilisation[service] ?? 1)),
    tail: each(() => chance.between(2.5, 5)),
    memory: each(() => chance.between(0.3, 0.65)),
    incoming,
    ordinary,
  };
}

/** A day's swing, and wandering that lasts some minutes (AR(1), its memory told for a step of a minute). */
function drawIncoming(chance: Chance, rps: number, { steps, stepMinutes }: Grid): Float64Array {
  const phase = chance.between(0, 2 * Math.PI);
  const memory = 0.7 ** stepMinutes;
  const innovation = 0.03 * Math.sqrt((1 - memory ** 2) / (1 - 0.7 ** 2));
  let away = 0;
  return Float64Array.from({ length: steps }, (_, step) => {
    away = memory * away + innovation * chance.normal();
    const swing = 0.2 * Math.sin(phase + (2 * Math.PI * step * stepMinutes) / DAY_MINUTES);
    return Math.max(0, rps * (1 + swing) * (1 + away));
  });
}

/** Requests a second of each service when the entries get theirs and no call is repeated. */
function typicalTraffic({ size, entries, out }: Topology, entryRps: readonly number[]): Float64Array {
  const rps = new Float64Array(size);
  for (const [index, entry] of entries.entries()) rps[entry] = entryRps[index] ?? 0;
  for (let service = 0; service < size; service += 1) {
    for (const { to, calls } of out[service] ?? []) rps[to] = (rps[to] ?? 0) + (rps[service] ?? 0) * calls;
  }
  return rps;
}

/** One entry's traffic grows by a fifth or so over an hour or two, somewhere in the case. */
function grow(chance: Chance, ordinary: Levers, { entries }: Topology, { steps, stepMinutes }: Grid): void {
  const minutes = steps * stepMinutes;
  const from = chance.between(0.2 * minutes, 0.85 * minutes);
  const over = chance.between(40, 120);
  const by = chance.between(0.1, 0.3);
  ordinary.move(chance.pick(entries), 'traffic', (step) => {
    const grown = Math.min(1, Math.max(0, (step * stepMinutes - from) / over));
    return 1 + by * grown;
  });
}

const BATCH_MINUTES = 6;

function addBatch(chance: Chance, ordinary: Levers, { size }: Topology, { stepMinutes }: Grid): void {
  const every = chance.pick([30, 45, 60]);
  const first = chance.between(0, every);
  const by = chance.between(0.3, 0.8);
  ordinary.move(chance.integer(0, size - 1), 'traffic', (step) => {
    const since = (((step * stepMinutes - first) % every) + every) % every;
    return since < BATCH_MINUTES ? 1 + by : 1;
  });
}
