import fc from 'fast-check';
import { expect, it } from 'vitest';
import { differencesBetween, digestOfFacts, uidIn } from '../../../electron/proposals/facts.ts';

const facts = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue() as fc.Arbitrary<never>, {
  maxKeys: 6,
});

it('names each field that is otherwise, with what it was and what it is', () => {
  const was = { uid: 'u1', revision: 7, paused: false, mark: null };
  const is = { uid: 'u1', revision: 8, paused: true, mark: 'now' };
  expect(differencesBetween(was, is)).toEqual([
    { field: 'mark', was: null, is: 'now' },
    { field: 'paused', was: 'false', is: 'true' },
    { field: 'revision', was: '7', is: '8' },
  ]);
});

it('tells long values apart that begin alike', () => {
  const long = 'x'.repeat(5_000);
  const [only] = differencesBetween({ data: `${long}a` }, { data: `${long}b` });
  expect(only?.was).not.toBe(only?.is);
  expect(only?.was?.length).toBeLessThan(300);
});

it('finds no difference between facts and themselves, whatever the order of their members', () => {
  fc.assert(
    fc.property(facts, (some) => {
      const turned = Object.fromEntries(Object.entries(some).toReversed());
      expect(differencesBetween(some, turned)).toEqual([]);
      expect(digestOfFacts(some)).toBe(digestOfFacts(turned));
    }),
  );
});

it('has another digest where a fact is another', () => {
  expect(digestOfFacts({ revision: 7 })).not.toBe(digestOfFacts({ revision: 8 }));
  expect(digestOfFacts({ a: null })).not.toBe(digestOfFacts({}));
});

it('takes no uid but a text', () => {
  expect(uidIn({ uid: 'u1' })).toBe('u1');
  expect(uidIn({ uid: 7 })).toBeNull();
  expect(uidIn({})).toBeNull();
});
