import type { Chance } from './chance.ts';
import { type Course, rowOf } from './dynamics.ts';
import type { Levers } from './levers.ts';
import type { Grid, World } from './load.ts';
import { middleOf } from './middle-of.ts';

export type Measure = 'traffic' | 'p50' | 'p99' | 'errors' | 'cpu' | 'memory';
export type Observed = Record<Measure, Float64Array>;

const P50_OF_MEAN = 0.8;
/** Below this a percentile is a broken reading, however heavy the tail of its noise. */
const LEAST = 0.2;

/** What goes on in a service, by step, before it is measured. `latency` is the mean, `p99` what one request in a hundred takes. */
export type Going = Record<'traffic' | 'latency' | 'p99' | 'errors' | 'load' | 'memory', Float64Array>;
export type Run = { world: World; levers: Levers; course: Course };

export function goingOnIn({ world, levers, course }: Run, service: number): Going {
  const { from, width } = course;
  const row = (values: Float64Array) => rowOf(values, width, service);
  const tail = levers.at(service, 'tail');
  const memory = levers.at(service, 'memory');
  const latency = row(course.latency);
  return {
    traffic: row(course.traffic),
    latency,
    p99: latency.map((mean, step) => mean * (world.tail[service] ?? 1) * (tail?.[from + step] ?? 1)),
    errors: row(course.errors),
    load: row(course.load),
    memory: Float64Array.from(
      { length: width },
      (_, step) => (world.memory[service] ?? 0) * (memory?.[from + step] ?? 1),
    ),
  };
}

/** What is measured of it, with the noise such measurements have, times `noise`. */
export function observe(going: Going, { stepMinutes }: Grid, chance: Chance, noise: number): Observed {
  const noisy = (values: Float64Array, share: number) =>
    values.map((value) => value * Math.max(LEAST, 1 + share * noise * chance.normal()));
  const upToOne = (values: Float64Array) => values.map((value) => Math.min(1, value));
  return {
    traffic: noisy(going.traffic, 0.02),
    p50: noisy(going.latency, 0.04).map((value) => value * P50_OF_MEAN),
    p99: going.p99.map((value) => value * Math.max(LEAST, 1 + 0.08 * noise * chance.heavyTailed())),
    errors: going.errors.map((share, step) => {
      const requests = Math.max(1, (going.traffic[step] ?? 0) * stepMinutes * 60);
      const counted = chance.poisson(share * requests) / requests;
      return Math.min(1, Math.max(0, share + noise * (counted - share)));
    }),
    cpu: upToOne(noisy(upToOne(going.load), 0.05)),
    memory: upToOne(noisy(going.memory, 0.01)),
  };
}

/** Whether one measurement lasts at least three robust standard deviations away from what it was before `quiet`. */
export function isIdentifiable(
  observed: Observed,
  { quiet, lastFrom, until }: { quiet: number; lastFrom: number; until: number },
): boolean {
  return Object.values(observed).some((values) => {
    const before = values.subarray(0, quiet);
    const normal = middleOf(before);
    const sigma = 1.4826 * middleOf(before.map((value) => Math.abs(value - normal)));
    return Math.abs(middleOf(values.subarray(lastFrom, until)) - normal) > 3 * Math.max(sigma, 1e-9);
  });
}
