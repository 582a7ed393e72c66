import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Effect, noEffect } from '../../../electron/sandbox/world/effect.ts';
import {
  type Condition,
  type Influence,
  influences,
  shifted,
} from '../../../electron/sandbox/world/influence.ts';

const failing: Effect = { ...noEffect, errorShare: 0.4, latencyFactor: 3 };
const old = { image: 'cart:1', startedMs: 0 };

function world(...all: (Partial<Influence> & { while: Condition })[]) {
  const flags = new Map<string, number>();
  const settings = new Map<string, string>();
  const state = { lastStartMs: 0 };
  const felt = influences(
    all.map((one) => ({ service: 'cart', effect: failing, delayMs: 0, ...one })),
    {
      shareOn: (flag) => flags.get(flag) ?? 0,
      setting: (service, name) => settings.get(`${service} ${name}`),
      lastStartMs: () => state.lastStartMs,
    },
  );
  return {
    flags,
    settings,
    state,
    /** What a pod of cart feels, looked at just then. */
    at(atMs: number, pod: { image: string; startedMs: number } | null = old): Effect {
      felt.update(atMs);
      return felt.on('cart', pod, atMs);
    },
    on: felt.on,
  };
}

it('is felt by its service alone', () => {
  const { at, on } = world({ while: { kind: 'always' } });
  expect(at(0)).toEqual(failing);
  expect(on('pricing', old, 0)).toBe(noEffect);
});

it('is felt between two times: from the first on, at the second no more', () => {
  const { at } = world({ while: { kind: 'between', fromMs: 1_000, untilMs: 5_000 } });
  expect([0, 999, 1_000, 4_999, 5_000, 9_000].map((atMs) => at(atMs).errorShare)).toEqual([
    0, 0, 0.4, 0.4, 0, 0,
  ]);
});

it('is felt while a setting has the value, and no longer when it is taken back', () => {
  const { at, settings } = world({
    while: { kind: 'setting', service: 'pricing', setting: 'pool', value: '2' },
  });
  expect(at(0)).toEqual(noEffect);
  settings.set('pricing pool', '2');
  expect(at(1_000)).toEqual(failing);
  settings.set('cart pool', '2').set('pricing pool', '20');
  expect(at(2_000)).toEqual(noEffect);
});

it('is felt by the share of requests that a flag is on for', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      const { at, flags } = world({ while: { kind: 'flag', flag: 'prefetch' } });
      flags.set('prefetch', share);
      const { errorShare, latencyFactor, fanOutFactor } = at(0);
      expect(errorShare).toBeCloseTo(0.4 * share, 9);
      expect(latencyFactor).toBeCloseTo(1 + 2 * share, 9);
      expect(fanOutFactor).toBe(1);
    }),
  );
});

it('is felt once a pod of the service has been started anew', () => {
  const { at, state } = world({ while: { kind: 'restarted', service: 'shop-db', afterMs: 3_000 } });
  expect(at(5_000)).toEqual(noEffect);
  state.lastStartMs = 3_000;
  expect(at(6_000)).toEqual(noEffect);
  state.lastStartMs = 3_001;
  expect(at(7_000)).toEqual(failing);
});

it('is felt by pods of its image only, and where there are no pods not at all', () => {
  const { at } = world({ while: { kind: 'always' }, image: 'cart:2' });
  expect(at(0, { image: 'cart:2', startedMs: 0 })).toEqual(failing);
  expect(at(0, { image: 'cart:1', startedMs: 0 })).toEqual(noEffect);
  expect(at(0, null)).toEqual(noEffect);
});

it('sets in after its delay: after the condition came true, and after the pod started', () => {
  const flag = world({ while: { kind: 'flag', flag: 'prefetch' }, delayMs: 30_000 });
  flag.at(0);
  flag.flags.set('prefetch', 1);
  expect([10_000, 39_999, 40_000].map((atMs) => flag.at(atMs).errorShare)).toEqual([0, 0, 0.4]);
  // A turn to another percentage is no new beginning, a turn off and on is.
  flag.flags.set('prefetch', 0.5);
  expect(flag.at(45_000).errorShare).toBeCloseTo(0.2, 9);
  flag.flags.set('prefetch', 0);
  expect(flag.at(50_000)).toEqual(noEffect);
  flag.flags.set('prefetch', 1);
  expect([55_000, 84_999, 85_000].map((atMs) => flag.at(atMs).errorShare)).toEqual([0, 0, 0.4]);

  const release = world({ while: { kind: 'always' }, image: 'cart:2', delayMs: 30_000 });
  const young = { image: 'cart:2', startedMs: 100_000 };
  expect([100_000, 129_999, 130_000].map((atMs) => release.at(atMs, young).errorShare)).toEqual([0, 0, 0.4]);
});

it('adds up with every other that is felt', () => {
  const { at, flags } = world({ while: { kind: 'always' } }, { while: { kind: 'flag', flag: 'prefetch' } });
  flags.set('prefetch', 1);
  expect(at(0)).toMatchObject({ latencyFactor: 9, errorShare: 1 - 0.6 * 0.6 });
});

it('is the same when its times are counted from another zero', () => {
  const conditions: Condition[] = [
    { kind: 'between', fromMs: 1_000, untilMs: 5_000 },
    { kind: 'restarted', service: 'cart', afterMs: 2_000 },
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...conditions),
      fc.integer({ min: 0, max: 9_000 }),
      fc.integer({ min: 0, max: 2e12 }),
      (condition, atMs, byMs) => {
        const influence: Influence = { service: 'cart', effect: failing, delayMs: 500, while: condition };
        const here = world(influence);
        const there = world(shifted(influence, byMs));
        here.state.lastStartMs = 2_500;
        there.state.lastStartMs = 2_500 + byMs;
        // It is looked at in steps, as the world is.
        for (let stepMs = 0; stepMs <= atMs; stepMs += 100) {
          expect(there.at(stepMs + byMs)).toEqual(here.at(stepMs));
        }
      },
    ),
    { numRuns: 40 },
  );
});
