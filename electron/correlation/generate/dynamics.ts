import type { Levers } from './levers.ts';
import type { World } from './load.ts';
import type { Edge } from './topology.ts';

/** What goes on in each service at each step, one row of steps a service: noiseless, before anybody measures it. */
export type Course = {
  from: number;
  width: number;
  /** Requests a second, mean seconds a request takes, share that fails, share of capacity in use (may pass 1). */
  traffic: Float64Array;
  latency: Float64Array;
  errors: Float64Array;
  load: Float64Array;
};

export const rowOf = (values: Float64Array, width: number, service: number): Float64Array =>
  values.subarray(service * width, (service + 1) * width);

/** Latency beyond its own at a load; queues are bounded, so it does not go to infinity. */
export const queueing = (load: number): number => {
  const busy = Math.min(load, FULL);
  return 1 + (0.5 * busy * busy) / (1 - busy);
};

/** Share of requests an overloaded service turns away. */
export const shed = (load: number): number => (load < 0.75 ? 0 : 0.3 / (1 + Math.exp(-(load - 1.02) / 0.03)));

const FULL = 0.97;

/**
 * Plays the steps `from` to `until`. Twice over the graph: traffic runs down and trouble comes up, then once more with the
 * retries that this trouble brings.
 */
export function play(world: World, levers: Levers, { from, until }: { from: number; until: number }): Course {
  const { size } = world.topology;
  const width = until - from;
  const empty = () => new Float64Array(size * width);
  const course = { from, width, traffic: empty(), latency: empty(), errors: empty(), load: empty() };
  for (let pass = 0; pass < 2; pass += 1) {
    sendDown(world, levers, course);
    for (let service = size - 1; service >= 0; service -= 1) serve(world, levers, course, service);
  }
  return course;
}

function sendDown({ topology, incoming, ordinary }: World, levers: Levers, course: Course): void {
  const { from, width, traffic } = course;
  traffic.fill(0);
  for (const [index, entry] of topology.entries.entries())
    rowOf(traffic, width, entry).set(incoming[index]?.subarray(from, from + width) ?? []);
  for (let service = 0; service < topology.size; service += 1) {
    for (const moved of [ordinary.at(service, 'traffic'), levers.at(service, 'traffic')])
      if (moved) scale(course, service, moved);
    const fanOut = levers.at(service, 'fanOut');
    for (const edge of topology.out[service] ?? []) passOn(course, edge, fanOut);
  }
}

function scale({ from, width, traffic }: Course, service: number, by: Float64Array): void {
  const row = service * width;
  for (let step = 0; step < width; step += 1)
    traffic[row + step] = (traffic[row + step] ?? 0) * (by[from + step] ?? 1);
}

/** Rows are addressed in place from here on: these loops are where the time goes. */
function passOn(
  { from: first, width, traffic, errors }: Course,
  { from, to, calls, retries }: Edge,
  fanOut: Float64Array | undefined,
): void {
  const caller = from * width;
  const callee = to * width;
  for (let step = 0; step < width; step += 1) {
    let made = calls * (1 + retries * (errors[callee + step] ?? 0));
    if (fanOut) made *= fanOut[first + step] ?? 1;
    traffic[callee + step] = (traffic[callee + step] ?? 0) + (traffic[caller + step] ?? 0) * made;
  }
}

/** A service's own latency and errors, then what its callees add. Callees come first: they have the higher numbers. */
function serve(world: World, levers: Levers, course: Course, service: number): void {
  const { from, width, traffic, latency, errors, load } = course;
  const [work, slower, capacity, failing] = (['work', 'latency', 'capacity', 'errors'] as const).map(
    (lever) => levers.at(service, lever),
  );
  const perRequest = 1 / (world.capacity[service] ?? 1);
  const own = world.latency[service] ?? 0;
  const ownErrors = world.errors[service] ?? 0;
  const row = service * width;
  for (let step = 0; step < width; step += 1) {
    const at = from + step;
    let busy = (traffic[row + step] ?? 0) * perRequest;
    if (work) busy *= work[at] ?? 1;
    if (capacity) busy /= capacity[at] ?? 1;
    load[row + step] = busy;
    latency[row + step] = own * (slower?.[at] ?? 1) * queueing(busy);
    errors[row + step] = Math.min(1, ownErrors + (failing?.[at] ?? 0) + shed(busy));
  }
  const fanOut = levers.at(service, 'fanOut');
  for (const edge of world.topology.out[service] ?? []) if (!edge.isAsync) addCallee(course, edge, fanOut);
}

function addCallee(
  { from: first, width, latency, errors }: Course,
  { from, to, calls, serial, criticality, timeoutSeconds }: Edge,
  fanOut: Float64Array | undefined,
): void {
  const caller = from * width;
  const callee = to * width;
  for (let step = 0; step < width; step += 1) {
    const more = fanOut === undefined ? 1 : (fanOut[first + step] ?? 1);
    const waited = latency[callee + step] ?? 0;
    latency[caller + step] = (latency[caller + step] ?? 0) + serial * more * Math.min(waited, timeoutSeconds);
    const made = Math.min(1, calls * more);
    const succeeds =
      (1 - (errors[caller + step] ?? 0)) *
      (1 - made * criticality * (errors[callee + step] ?? 0)) *
      (1 - 0.5 * made * timedOut(waited / timeoutSeconds));
    errors[caller + step] = 1 - succeeds;
  }
}

/** Share of calls that run into a timeout; far below it none do, and no exponential need be taken. */
const timedOut = (waited: number): number => (waited < 0.4 ? 0 : 1 / (1 + Math.exp(-(waited - 1) / 0.1)));
