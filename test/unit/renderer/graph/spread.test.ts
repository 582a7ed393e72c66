import { expect, it } from 'vitest';
import { callKey, impactPath, strengths } from '../../../../renderer/graph/impact.ts';
import { delays, onsets, spread } from '../../../../renderer/graph/spread.ts';
import { candidatesAt, topology } from '../../../fixtures/fake-host/shop.ts';

const candidates = candidatesAt(1_772_362_800_000, 0.1);
const path = impactPath(topology, 'payments', new Set(strengths(candidates).keys()));
const first = onsets(candidates);

it('takes the first anomaly of a service as its onset', () => {
  expect(first.get('checkout')).toBe((candidates.onsetMs ?? 0) + 40_000);
});

it('tells on each call how much later the caller left its normal', () => {
  const words = delays(path, first);
  expect(words.get(callKey('checkout', 'payments'))).toBe('+40 s');
  expect(words.get(callKey('storefront', 'checkout'))).toBe('+40 s');
  expect(words.has(callKey('checkout', 'orders'))).toBe(false);
});

it('counts from the change, in the order in which the trouble came', () => {
  const [change = null] = candidates.changes;
  expect(spread(path, first, change)).toEqual([
    { service: 'payments', words: '+40 s' },
    { service: 'checkout', words: '+1 min 20 s' },
    { service: 'storefront', words: '+2 min' },
    { service: 'mobile-gateway', words: '+2 min 20 s' },
  ]);
});

it('says so when a service was off before the change', () => {
  const [change = null] = candidates.changes;
  const late = change && { ...change, atMs: (candidates.onsetMs ?? 0) + 60_000 };
  expect(spread(path, first, late)[0]).toEqual({ service: 'payments', words: '−1 min' });
});
