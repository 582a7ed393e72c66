import fc from 'fast-check';
import { expect, it } from 'vitest';
import { layOut } from '../../../../renderer/graph/lay-out.ts';
import { layOutWide } from '../../../../renderer/graph/lay-out-wide.ts';
import {
  type Links,
  linksOf,
  NODE_HEIGHT,
  NODE_WIDTH,
  type Places,
  withNewcomers,
} from '../../../../renderer/graph/places.ts';
import { topology } from '../../../fixtures/fake-host/shop.ts';

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 40 });
const someLinks = names.chain((ids) =>
  fc
    .array(fc.record({ from: fc.constantFrom(...ids), to: fc.constantFrom(...ids) }), { maxLength: 120 })
    .map((calls) => linksOf({ services: ids.map((id) => ({ id, namespace: null, tier: null })), calls })),
);

const overlap = (places: Places): boolean => {
  const all = [...places.values()];
  return all.some((a, at) =>
    all.some((b, to) => to > at && Math.abs(a.x - b.x) < NODE_WIDTH && Math.abs(a.y - b.y) < NODE_HEIGHT),
  );
};

it('gives the same picture for the same topology in another order', () => {
  const shuffled = { services: topology.services.toReversed(), calls: topology.calls.toReversed() };
  expect(layOut(linksOf(shuffled))).toEqual(layOut(linksOf(topology)));
});

it('passes over calls of a service to itself, from or to a stranger, and told twice', () => {
  const of = (from: string, to: string) => ({ from, to });
  const services = ['a', 'b'].map((id) => ({ id, namespace: null, tier: null }));
  const calls = [of('a', 'ghost'), of('a', 'a'), of('a', 'b'), of('a', 'b')];
  expect(linksOf({ services, calls })).toEqual({ ids: ['a', 'b'], calls: [of('a', 'b')] });
});

it('places every service of any graph, circles too, and none over another', () => {
  fc.assert(
    fc.property(someLinks, (links) => {
      for (const places of [layOut(links), layOutWide(links)]) {
        expect([...places.keys()].toSorted()).toEqual(links.ids);
        expect(overlap(places)).toBe(false);
      }
    }),
    { numRuns: 40 },
  );
});

it('puts callers left of what they call where there is no circle', () => {
  const ids = Array.from({ length: 120 }, (_, at) => `s${String(at).padStart(3, '0')}`);
  const calls = ids.flatMap((from, at) => [1, 2, 3].map((by) => ({ from, to: ids[3 * at + by] ?? from })));
  const links = linksOf({ services: ids.map((id) => ({ id, namespace: null, tier: null })), calls });
  const places = layOutWide(links);
  for (const { from, to } of links.calls)
    expect(places.get(from)?.x ?? 0).toBeLessThan(places.get(to)?.x ?? 0);
});

it('never moves who stands, whoever comes', () => {
  fc.assert(
    fc.property(someLinks, someLinks, (before, news) => {
      const standing = layOut(before);
      const both: Links = {
        ids: [...new Set([...before.ids, ...news.ids])].toSorted(),
        calls: [...before.calls, ...news.calls],
      };
      const places = withNewcomers(standing, both);
      for (const [id, place] of standing) expect(places.get(id)).toEqual(place);
      expect([...places.keys()].toSorted()).toEqual(both.ids);
      expect(overlap(places)).toBe(false);
    }),
    { numRuns: 60 },
  );
});
