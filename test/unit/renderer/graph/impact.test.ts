import fc from 'fast-check';
import { expect, it } from 'vitest';
import { callKey, impactPath } from '../../../../renderer/graph/impact.ts';
import { topology } from '../../../fixtures/fake-host/shop.ts';

const off = new Set(['payments', 'checkout', 'storefront']);

it('follows the trouble from the service up to whoever is off', () => {
  const path = impactPath(topology, 'payments', off);
  expect([...path.services].sort()).toEqual(['checkout', 'payments', 'storefront']);
  expect(path.calls.has(callKey('checkout', 'payments'))).toBe(true);
  expect(path.calls.has(callKey('checkout', 'orders'))).toBe(false);
});

it('is the service alone when nobody who calls it is off', () => {
  expect([...impactPath(topology, 'feature-store', off).services]).not.toContain('payments');
  expect([...impactPath(topology, 'notifications', new Set()).services]).toEqual(['notifications']);
});

it('ends on any graph, with cycles too', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const calls = fc.array(fc.record({ from: name, to: name }), { maxLength: 20 });
  fc.assert(
    fc.property(calls, name, fc.array(name), (some, service, anomalous) => {
      const path = impactPath({ services: [], calls: some }, service, new Set(anomalous));
      expect(path.services.has(service)).toBe(true);
    }),
  );
});

it('takes the way with the fewest services that show nothing, and gives up after two of them in a row', () => {
  const calls = (...names: string[]) => names.slice(1).map((to, at) => ({ from: names[at] ?? to, to }));
  const graph = { services: [], calls: [...calls('top', 'a', 'b', 'low'), ...calls('top', 'near', 'low')] };
  expect([...impactPath(graph, 'low', new Set(['top', 'near'])).services].sort()).toEqual([
    'low',
    'near',
    'top',
  ]);
  const long = { services: [], calls: calls('top', 'a', 'b', 'c', 'low') };
  expect([...impactPath(long, 'low', new Set(['top'])).services]).toEqual(['low']);
});
