import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diluted, type Effect, noEffect, together } from '../../../electron/sandbox/world/effect.ts';

const factor = fc.double({ min: 0.05, max: 20, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const effects: fc.Arbitrary<Effect> = fc.record({
  latencyFactor: factor,
  errorShare: share,
  workFactor: factor,
  fanOutFactor: factor,
  leakPerHour: share,
  burnCores: factor,
  capacityFactor: factor,
});

const fields = Object.keys(noEffect) as (keyof Effect)[];
function expectClose(one: Effect, other: Effect): void {
  for (const field of fields) {
    const scale = Math.max(1, Math.abs(other[field]));
    expect(Math.abs(one[field] - other[field]) / scale, field).toBeLessThan(1e-9);
  }
}

it('is the same in either order, and however three are grouped', () => {
  fc.assert(
    fc.property(effects, effects, effects, (one, other, third) => {
      expectClose(together(one, other), together(other, one));
      expectClose(together(together(one, other), third), together(one, together(other, third)));
    }),
  );
});

it('is only itself together with nothing', () => {
  fc.assert(
    fc.property(effects, (effect) => {
      expect(together(effect, noEffect)).toEqual(effect);
      expect(together(noEffect, effect)).toEqual(effect);
      expectClose(together(effect, { ...noEffect }), effect);
    }),
  );
});

it('is nothing where no request meets it and itself where all do', () => {
  fc.assert(
    fc.property(effects, (effect) => {
      expectClose(diluted(effect, 0), noEffect);
      expect(diluted(effect, 1)).toEqual(effect);
    }),
  );
});

it('lies between nothing and itself where some do, in proportion', () => {
  fc.assert(
    fc.property(effects, share, (effect, part) => {
      const some = diluted(effect, part);
      for (const field of fields) {
        const expected = noEffect[field] + part * (effect[field] - noEffect[field]);
        expect(Math.abs(some[field] - expected), field).toBeLessThan(1e-9);
      }
    }),
  );
});

it('fails a request by either failure, never by more than all', () => {
  fc.assert(
    fc.property(effects, effects, (one, other) => {
      const { errorShare } = together(one, other);
      expect(errorShare).toBeGreaterThanOrEqual(Math.max(one.errorShare, other.errorShare) - 1e-12);
      expect(errorShare).toBeLessThanOrEqual(1);
    }),
  );
});
