import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomOf } from '../../../electron/sandbox/random.ts';
import { type Planned, planChanges } from '../../../electron/sandbox/scenario/plan-changes.ts';
import type { Roles } from '../../../electron/sandbox/scenario/roles.ts';
import type { Decoy, Scenario } from '../../../electron/sandbox/scenario/scenario.ts';
import { shippedScenario } from '../../fixtures/shipped-scenarios.ts';

const scenario = shippedScenario('bad-deploy');
const minuteMs = 60_000;
const momentMs = 80 * minuteMs;
const roles: Roles = {
  culprit: 'pricing',
  other: null,
  caller: 'catalog',
  callee: 'feature-store',
  alerting: 'storefront',
  entry: 'storefront',
};
const fault: Planned = {
  offsetMs: momentMs - 3 * minuteMs,
  kind: 'deploy',
  service: 'pricing',
  actor: 'a.novak',
  part: { kind: 'fault', name: 'fault' },
};

type Changes = Scenario['changes'];
function plan(
  seed: number,
  changes: Partial<Changes> = {},
  decoys: Decoy[] = [],
  faults = [fault],
): Planned[] {
  return planChanges({
    scenario: { ...scenario, changes: { ...scenario.changes, ...changes }, decoys },
    faults,
    roles,
    momentMs,
    random: randomOf(seed, 'plan'),
  });
}

const seeds = fc.integer();
const span = (min: number, max: number) =>
  fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map((both) => both.toSorted((a, b) => a - b) as [number, number]);
const kinds = ['deploy', 'flag', 'config', 'scale', 'traffic', 'infrastructure'] as const;
const decoy: fc.Arbitrary<Decoy> = fc.record({
  change: fc.constantFrom(...kinds),
  on: fc.constantFrom('culprit', 'other', 'caller', 'callee', 'alerting', 'entry', 'anywhere'),
  secondsAfterFault: span(-1_500, 30),
});

it('plans as many changes as the scenario wants, whatever else it lays out', () => {
  fc.assert(
    fc.property(
      seeds,
      span(40, 90),
      span(0, 3),
      span(0, 4),
      fc.array(decoy, { maxLength: 8 }),
      (seed, inLastHour, releaseTrains, flippedBack, decoys) => {
        const planned = plan(seed, { inLastHour, releaseTrains, flippedBack }, decoys);
        expect(planned.length).toBeGreaterThanOrEqual(inLastHour[0]);
        expect(planned.length).toBeLessThanOrEqual(inLastHour[1]);
        const offsets = planned.map(({ offsetMs }) => offsetMs);
        expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
        for (const offsetMs of offsets) {
          expect(offsetMs).toBeGreaterThanOrEqual(momentMs - 50 * minuteMs);
          expect(offsetMs).toBeLessThanOrEqual(momentMs + 30_000);
        }
      },
    ),
    { numRuns: 100 },
  );
});

it('never replaces the guilty version, not even by a decoy or a release train', () => {
  const onCulprit: Decoy = { change: 'deploy', on: 'culprit', secondsAfterFault: [-600, 30] };
  fc.assert(
    fc.property(seeds, (seed) => {
      const many = {
        inLastHour: [90, 90] as [number, number],
        mix: { deploy: 1 },
        releaseTrains: [3, 3] as [number, number],
      };
      const planned = plan(seed, many, [onCulprit, onCulprit]);
      const ofCulprit = planned.filter(({ kind, service }) => kind === 'deploy' && service === 'pricing');
      expect(ofCulprit).toEqual([fault]);
      // Otherwise a service is given its time between two releases.
      for (const one of planned)
        for (const other of planned)
          if (
            one !== other &&
            one.kind === 'deploy' &&
            other.kind === 'deploy' &&
            one.service === other.service
          )
            expect(Math.abs(one.offsetMs - other.offsetMs)).toBeGreaterThanOrEqual(7 * minuteMs);
    }),
    { numRuns: 60 },
  );
});

it('leaves releases of the guilty service alone where the fault is no release', () => {
  const flag: Planned = { ...fault, kind: 'flag', flag: { name: 'pricing.prefetch', percent: 100 } };
  const onCulprit: Decoy = { change: 'deploy', on: 'culprit', secondsAfterFault: [-600, -300] };
  const [first, second] = [plan(1, {}, [onCulprit], [flag]), plan(1, {}, [onCulprit], [fault])];
  const decoys = (planned: Planned[]) =>
    planned.filter(({ part, service }) => part?.kind === 'decoy' && service === 'pricing');
  expect(decoys(first)).toHaveLength(1);
  expect(decoys(second)).toEqual([]);
});

it('turns every trial flag off again, by the same hand and within minutes', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 5 }), (seed, flips) => {
      const planned = plan(seed, { flippedBack: [flips, flips] });
      const trials = planned.filter(({ flag }) => flag?.name.includes('.trial-'));
      expect(trials).toHaveLength(2 * flips);
      for (const on of trials.filter(({ flag }) => flag?.percent === 100)) {
        const off = trials.find(
          ({ flag, offsetMs, service, actor }) =>
            flag?.name === on.flag?.name &&
            flag?.percent === 0 &&
            service === on.service &&
            actor === on.actor &&
            offsetMs > on.offsetMs &&
            offsetMs - on.offsetMs <= 10 * minuteMs,
        );
        expect(off, `${on.flag?.name} goes off again`).toBeDefined();
        expect(on.service).not.toBe(roles.culprit);
      }
    }),
    { numRuns: 60 },
  );
});

it('lays decoys on the part they are for, at their time, and elsewhere where nobody plays it', () => {
  fc.assert(
    fc.property(seeds, decoy, (seed, wanted) => {
      const laid = plan(seed, {}, [wanted]).filter(({ part }) => part?.kind === 'decoy');
      const who = wanted.on === 'anywhere' ? null : roles[wanted.on];
      if (wanted.change === 'deploy' && who === 'pricing') {
        expect(laid).toEqual([]);
        return;
      }
      const [one] = laid;
      expect(laid).toHaveLength(1);
      if (who === null) expect(one?.service).not.toBe(roles.culprit);
      else expect(one?.service).toBe(who);
      const after = ((one?.offsetMs ?? Number.NaN) - momentMs) / 1_000;
      expect(after).toBeGreaterThanOrEqual(wanted.secondsAfterFault[0]);
      expect(after).toBeLessThanOrEqual(wanted.secondsAfterFault[1]);
    }),
    { numRuns: 100 },
  );
});

it('sends release trains of three to six services within ten minutes', () => {
  for (let seed = 0; seed < 40; seed++) {
    const cars = plan(seed, { releaseTrains: [1, 1] }).filter(({ actor }) => actor === 'release-train');
    expect(cars.length).toBeGreaterThanOrEqual(2);
    expect(cars.length).toBeLessThanOrEqual(6);
    expect(new Set(cars.map(({ cause }) => cause)).size).toBe(1);
    const offsets = cars.map(({ offsetMs }) => offsetMs);
    expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThanOrEqual(10 * minuteMs);
  }
});

it('mixes ordinary changes as it is told', () => {
  const planned = Array.from({ length: 20 }, (_, seed) =>
    plan(seed, { mix: { flag: 3, traffic: 1 }, releaseTrains: [0, 0], flippedBack: [0, 0] }),
  ).flat();
  const count = (kind: Planned['kind']) => planned.filter((one) => one.kind === kind && !one.part).length;
  expect(count('flag') / (count('flag') + count('canary'))).toBeCloseTo(0.75, 1);
  expect(planned.filter(({ kind, part }) => !part && kind !== 'flag' && kind !== 'canary')).toEqual([]);
});
