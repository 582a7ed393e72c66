import { expect, it } from 'vitest';
import { impactPath, strengths } from '../../../../renderer/graph/impact.ts';
import { boundsOf, inView } from '../../../../renderer/graph/in-view.ts';
import { layOut } from '../../../../renderer/graph/lay-out.ts';
import { linksOf } from '../../../../renderer/graph/places.ts';
import { shownPart } from '../../../../renderer/graph/shown-part.ts';
import { wideWorld } from '../../../fixtures/fake-host/wide-world.ts';

const { topology, candidatesAt } = wideWorld({ services: 500, calls: 2_000 });
const candidates = candidatesAt(1_772_362_800_000, 0.1);
const idsOf = (part: typeof topology) => part.services.map(({ id }) => id);
const OFF = ['payments', 'checkout', 'storefront', 'mobile-gateway'];

it('shows what is off and what changed, with few neighbours, out of hundreds', () => {
  const part = idsOf(shownPart(topology, candidates, null));
  expect(part).toEqual(expect.arrayContaining([...OFF, 'cart']));
  expect(part.length).toBeLessThanOrEqual(12);
});

it('only adds what is selected, wherever it is', () => {
  const before = idsOf(shownPart(topology, candidates, null));
  const after = idsOf(shownPart(topology, candidates, 'service-300'));
  expect(after).toEqual(expect.arrayContaining([...before, 'service-300']));
});

it('shows everything while nothing is off and nothing changed', () => {
  expect(shownPart(topology, null, null)).toBe(topology);
  expect(shownPart(topology, { ...candidates, changes: [], anomalies: [] }, null)).toBe(topology);
});

it('ignores a change of a service that nobody knows', () => {
  const [first] = candidates.changes;
  if (!first) throw new Error('the shop has changes');
  const strange = { ...candidates, changes: [{ ...first, service: 'ghost' }] };
  expect(idsOf(shownPart(topology, strange, null))).not.toContain('ghost');
});

it('puts into view what fits at a readable size, the selected and its path before the rest', () => {
  const places = layOut(linksOf(topology));
  const path = impactPath(topology, 'payments', new Set(strengths(candidates).keys()));
  const drawn = { topology, candidates, places, selected: 'payments', path };
  const room = { width: 520, height: 300 };
  const chosen = inView(drawn, room);
  const { width, height } = boundsOf(chosen, places);
  expect(chosen[0]).toBe('payments');
  expect(width).toBeLessThanOrEqual(room.width);
  expect(height).toBeLessThanOrEqual(room.height);
  expect(inView(drawn, { width: 1e6, height: 1e6 })).toHaveLength(500);
});
