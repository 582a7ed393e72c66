import fc from 'fast-check';
import { expect, it } from 'vitest';
import { callKey, impactPath } from '../../../../renderer/graph/impact.ts';
import { layOut, topologyKey } from '../../../../renderer/graph/lay-out.ts';
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

it('gives the same picture for the same topology in another order', () => {
  const shuffled = { services: topology.services.toReversed(), calls: topology.calls.toReversed() };
  expect(topologyKey(shuffled)).toBe(topologyKey(topology));
  const places = layOut(shuffled);
  for (const [id, place] of layOut(topology)) expect(places.get(id)).toEqual(place);
});

it('passes over a call from or to a service that nobody named', () => {
  const places = layOut({
    services: [{ id: 'a', namespace: null, tier: null }],
    calls: [{ from: 'a', to: 'ghost' }],
  });
  expect([...places.keys()]).toEqual(['a']);
});
