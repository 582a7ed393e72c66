import { expect, it } from 'vitest';
import { ANY, isLike } from '../../../../renderer/incidents/incident-filter.ts';
import { IncidentId } from '../../../../shared/vocabulary/ids.ts';
import type { Incident } from '../../../../shared/vocabulary/incident.ts';

const incident: Incident = {
  id: IncidentId.parse('inc-1'),
  realm: 'real',
  title: 'Checkout is slow',
  severity: 'sev2',
  status: 'closed',
  commander: 'Mina',
  openedMs: 1,
  closedMs: 2,
  fromMs: 0,
  services: ['payments'],
  drill: null,
};
const cause = 'payments 1.41 rolled out';

it.each([
  ['anything when nothing is asked', {}, true],
  [
    'words in any order and case, over title, service, cause and commander',
    { text: 'SLOW 1.41 mina payments' },
    true,
  ],
  ['not where one word stands nowhere', { text: 'slow gateway' }, false],
  ['its severity', { severity: 'sev2' as const }, true],
  ['not another severity', { severity: 'sev1' as const }, false],
  ['not the other realm', { realm: 'drill' as const }, false],
  ['a confirmed cause', { cause: 'confirmed' as const }, true],
  ['not an open question where the cause is known', { cause: 'unconfirmed' as const }, false],
  ['not where only one of two holds', { text: 'slow', severity: 'sev4' as const }, false],
])('finds %s', (_what, asked, found) => {
  expect(isLike({ ...ANY, ...asked }, incident, cause)).toBe(found);
});

it('tells an unconfirmed cause from a confirmed one', () => {
  expect(isLike({ ...ANY, cause: 'unconfirmed' }, incident, undefined)).toBe(true);
  expect(isLike({ ...ANY, cause: 'confirmed' }, incident, undefined)).toBe(false);
});
