import { expect, it } from 'vitest';
import { whyNotListed } from '../../../electron/proposals/may-approve.ts';

const key = 'K'.repeat(43);
const may = [
  { actions: ['restart-workload'], environments: ['staging'], tiers: ['ack', 'confirm'] as const },
];
const ada = { name: 'Ada', may: may.map((line) => ({ ...line, tiers: [...line.tiers] })) };
const what = { action: 'restart-workload', environment: 'staging', tier: 'ack' as const };
const who = { person: 'Ada', publicKey: key };

it.each([
  ['anybody when nobody is listed', [], who, what, true],
  ['whoever is listed by name', [ada], who, what, true],
  [
    'whoever is listed by key, under any name',
    [{ ...ada, publicKey: key }],
    { ...who, person: 'A.' },
    what,
    true,
  ],
  ['nobody who has the name but not the key', [{ ...ada, publicKey: 'L' }], who, what, false],
  ['no name in another case', [ada], { ...who, person: 'ada' }, what, false],
  ['no look-alike (Cyrillic А)', [ada], { ...who, person: 'Аda' }, what, false],
  ['no other action', [ada], who, { ...what, action: 'drain-node' }, false],
  ['no other environment', [ada], who, { ...what, environment: 'production' }, false],
  ['nothing outside every environment', [ada], who, { ...what, environment: null }, false],
  ['no higher tier', [ada], who, { ...what, tier: 'two-person' as const }, false],
])('lets %s approve', (_case, approvers, person, asked, allowed) => {
  expect(whyNotListed(approvers, person, asked) === null).toBe(allowed);
});
