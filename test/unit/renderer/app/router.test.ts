import { expect, it } from 'vitest';
import { addressOf, placeOf, withTab } from '../../../../renderer/app/router.ts';

it.each([
  ['', { place: 'incidents' }],
  ['#/', { place: 'incidents' }],
  ['#/nowhere', { place: 'incidents' }],
  ['#/room', { place: 'room', incident: null, event: null }],
  ['#/room/inc-1', { place: 'room', incident: 'inc-1', event: null }],
  ['#/room/inc-1/signal', { place: 'room', incident: 'inc-1', event: 'signal' }],
  ['#/room/inc-1/signal/%5B1%2F2%5D', { place: 'room', incident: 'inc-1', event: null, signal: '[1/2]' }],
  ['#/room/inc-1?tab=metrics', { place: 'room', incident: 'inc-1', event: null, tab: 'metrics' }],
  ['#/room/inc-1?tab=elsewhere', { place: 'room', incident: 'inc-1', event: null }],
  [
    '#/room/inc-1/signal/a%3Fb?tab=analyst',
    { place: 'room', incident: 'inc-1', event: null, signal: 'a?b', tab: 'analyst' },
  ],
  ['#/room/%', { place: 'room', incident: null, event: null }],
  [
    '#/room/inc-1/deploy%3Ashop%2Fweb%4042',
    { place: 'room', incident: 'inc-1', event: 'deploy:shop/web@42' },
  ],
  ['#/report/a%2Fb', { place: 'report', incident: 'a/b' }],
  ['#/drills/inc-1/debrief', { place: 'debrief', incident: 'inc-1' }],
  ['#/drills/inc-1', { place: 'incidents' }],
  ['#/drills/%/debrief', { place: 'incidents' }],
  ['#/ledger', { place: 'ledger', realm: null, entry: null }],
  ['#/ledger/drill/31', { place: 'ledger', realm: 'drill', entry: 31 }],
  ['#/ledger/other/31', { place: 'ledger', realm: null, entry: null }],
  ['#/ledger/real/-1', { place: 'ledger', realm: 'real', entry: null }],
])('the address %s is a place', (hash, place) => expect(placeOf(hash)).toEqual(place));

it('comes back from the address of a place', () => {
  expect(placeOf(addressOf('room', 'inc/1 ü'))).toEqual({ place: 'room', incident: 'inc/1 ü', event: null });
  expect(placeOf(addressOf('debrief', 'inc/1 ü'))).toEqual({ place: 'debrief', incident: 'inc/1 ü' });
  expect(placeOf(addressOf('ledger', 'inc-1'))).toEqual({ place: 'ledger', realm: null, entry: null });
});

it('names the open tab once, after all else of the address, and the first one not at all', () => {
  expect(withTab('#/room/inc-1', 'metrics')).toBe('#/room/inc-1?tab=metrics');
  expect(withTab('#/room/inc-1/deploy%3F?tab=metrics', 'memory')).toBe('#/room/inc-1/deploy%3F?tab=memory');
  expect(withTab('#/room/inc-1?tab=memory', 'correlation')).toBe('#/room/inc-1');
});
