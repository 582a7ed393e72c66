import { describe, expect, it } from 'vitest';
import { play, queueing, rowOf, shed } from '../../../../electron/correlation/generate/dynamics.ts';
import { type Lever, leversOf } from '../../../../electron/correlation/generate/levers.ts';
import type { World } from '../../../../electron/correlation/generate/load.ts';
import type { Edge } from '../../../../electron/correlation/generate/topology.ts';

const STEPS = 10;
const edge = (from: number, to: number, more: Partial<Edge> = {}): Edge => ({
  from,
  to,
  calls: 1,
  retries: 0,
  serial: 1,
  criticality: 1,
  timeoutSeconds: 5,
  isAsync: false,
  ...more,
});

/** An entry 0 that calls 1, which calls 2: 100 requests a second, half of what each could serve. */
function chain(edges: Edge[] = [edge(0, 1), edge(1, 2)]): World {
  const size = 3;
  const pick = (end: 'from' | 'to') =>
    Array.from({ length: size }, (_, service) => edges.filter((one) => one[end] === service));
  const each = (value: number) => new Float64Array(size).fill(value);
  return {
    topology: {
      size,
      entries: [0],
      isStore: [false, false, true],
      edges,
      out: pick('from'),
      into: pick('to'),
      nodeOf: [0, 0, 0],
    },
    grid: { stepMinutes: 1, steps: STEPS, effectMinute: 5 },
    latency: each(0.1),
    errors: each(0),
    capacity: each(200),
    tail: each(3),
    memory: each(0.5),
    incoming: [new Float64Array(STEPS).fill(100)],
    ordinary: leversOf(STEPS),
  };
}

/** Before and after a lever of service 2 is moved in the middle. */
function moved(lever: Lever, by: number, world = chain(), service = 2) {
  const levers = leversOf(STEPS);
  levers.move(service, lever, (step) => (step < 5 ? (lever === 'errors' ? 0 : 1) : by));
  const course = play(world, levers, { from: 0, until: STEPS });
  return (what: 'traffic' | 'latency' | 'errors' | 'load', of: number) => {
    const row = rowOf(course[what], STEPS, of);
    return { before: row[0] ?? 0, after: row[STEPS - 1] ?? 0 };
  };
}

describe('a played system', () => {
  it('adds up the latency of what is waited for', () => {
    const of = moved('latency', 3);
    const own = 0.1 * queueing(0.5);
    expect(of('latency', 0).before).toBeCloseTo(3 * own);
    expect(of('latency', 0).after - of('latency', 0).before).toBeCloseTo(2 * own);
  });

  it('waits no longer than the timeout, and then fails', () => {
    const of = moved('latency', 100, chain([edge(0, 1), edge(1, 2, { timeoutSeconds: 0.5 })]));
    expect(of('latency', 1).after - of('latency', 1).before).toBeLessThan(0.5);
    expect(of('errors', 1).after).toBeGreaterThan(0.4);
  });

  it('hands failures up to all callers, as far as they matter to them', () => {
    const of = moved('errors', 0.2, chain([edge(0, 1), edge(1, 2, { criticality: 0.5 })]));
    expect(of('errors', 2).after).toBeCloseTo(0.2);
    expect(of('errors', 1).after).toBeCloseTo(0.1);
    expect(of('errors', 0).after).toBeCloseTo(0.1);
  });

  it('hears nothing from what it does not wait for, but loads it', () => {
    const of = moved('errors', 0.2, chain([edge(0, 1), edge(1, 2, { isAsync: true })]));
    expect(of('errors', 1).after).toBe(0);
    expect(of('latency', 1).after).toBe(of('latency', 1).before);
    expect(of('traffic', 2).after).toBe(100);
  });

  it('repeats failed calls, which loads the failing service more', () => {
    const of = moved('errors', 0.5, chain([edge(0, 1), edge(1, 2, { retries: 2 })]));
    expect(of('traffic', 2).after).toBeCloseTo(200);
    expect(of('load', 2).after).toBeCloseTo(1);
  });

  it.each([
    ['work', 3],
    ['capacity', 1 / 3],
  ] as const)('slows and sheds under too much load: %s times %f', (lever, by) => {
    const of = moved(lever, by);
    expect(of('load', 2).after).toBeCloseTo(1.5);
    expect(of('latency', 2).after).toBeGreaterThan(5 * of('latency', 2).before);
    expect(of('errors', 2).after).toBeCloseTo(shed(1.5));
  });

  it('passes more calls on where each request makes more', () => {
    const of = moved('fanOut', 1.5, chain(), 1);
    expect(of('traffic', 1).after).toBe(100);
    expect(of('traffic', 2).after).toBeCloseTo(150);
  });

  it('carries a surge at the entry through to the end', () => {
    const of = moved('traffic', 1.4, chain(), 0);
    expect([0, 1, 2].map((service) => of('traffic', service).after)).toEqual([140, 140, 140]);
  });
});
