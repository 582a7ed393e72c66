/** What a cause or a harmless change moves in a service. All are factors but `errors`, which is added. */
export type Lever = 'work' | 'latency' | 'capacity' | 'fanOut' | 'traffic' | 'errors' | 'tail' | 'memory';

const neutral: Record<Lever, number> = {
  work: 1,
  latency: 1,
  capacity: 1,
  fanOut: 1,
  traffic: 1,
  errors: 0,
  tail: 1,
  memory: 1,
};

/** What is moved, by service and lever, at each step. Where nothing is moved there is no array. */
export type Levers = {
  /** Moves a lever of a service by what `by` says for a step; several movers of one lever multiply (errors add). */
  move(service: number, lever: Lever, by: (step: number) => number): void;
  at(service: number, lever: Lever): Float64Array | undefined;
};

export function leversOf(steps: number): Levers {
  const moved = new Map<number, Moved>();
  return {
    move(service, lever, by) {
      const ofService = moved.get(service) ?? {};
      const values = ofService[lever] ?? new Float64Array(steps).fill(neutral[lever]);
      for (let step = 0; step < steps; step += 1) {
        const value = values[step] ?? 0;
        values[step] = lever === 'errors' ? value + by(step) : value * by(step);
      }
      ofService[lever] = values;
      moved.set(service, ofService);
    },
    at: (service, lever) => moved.get(service)?.[lever],
  };
}

type Moved = Partial<Record<Lever, Float64Array>>;
