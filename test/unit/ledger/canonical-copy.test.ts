import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalCopy } from '../../../electron/ledger/canonical-copy.ts';

const LEVELS = 65;

describe('a canonical copy', () => {
  it('is spelled by JSON.stringify exactly as RFC 8785 spells the value, or is not made at all', () => {
    let made = 0;
    fc.assert(
      fc.property(
        fc.object({
          key: fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.constantFrom(
              '__proto__',
              'toJSON',
              'constructor',
              '',
              '7',
              '07',
              'a',
              'B',
              '\u20ac',
              '\ud83d\ude00',
              '\ufb33',
            ),
          ),
          values: [
            fc.string({ unit: 'binary' }),
            fc.double(),
            fc.integer(),
            fc.boolean(),
            fc.constantFrom(null, undefined, -0, '\ud800', new Date(0), Symbol.iterator),
          ],
          withNullPrototype: true,
          withSparseArray: true,
        }),
        (value) => {
          const copy = canonicalCopy(value, LEVELS);
          if (copy === undefined) return;
          made += 1;
          expect(JSON.stringify(copy)).toBe(canonicalize(value));
          expect(copy).toEqual(JSON.parse(JSON.stringify(copy)));
        },
      ),
      { numRuns: 2000 },
    );
    expect(made).toBeGreaterThan(200);
  });

  it('is made of everything that entries usually hold', () => {
    const value = { b: [1, -0, 1e21, 'é\n"', null, { z: true, a: undefined, Z: 'x', _: 0, $: 1 }], a: {} };
    const copy = canonicalCopy(value, LEVELS);
    expect(JSON.stringify(copy)).toBe(
      '{"a":{},"b":[1,0,1e+21,"é\\n\\"",null,{"$":1,"Z":"x","_":0,"z":true}]}',
    );
    expect(copy).toEqual(JSON.parse(JSON.stringify(copy)));
  });

  it('shares nothing with the value, which may change afterwards', () => {
    const value = { list: [{ a: 1 }] };
    const copy = canonicalCopy(value, LEVELS);
    value.list.push({ a: 2 });
    (value.list[0] ?? { a: 0 }).a = 3;
    expect(copy).toEqual({ list: [{ a: 1 }] });
  });

  it.each<[string, unknown]>([
    ['text', 'a'],
    ['null', null],
    ['a lone surrogate', { a: ['\udc00'] }],
    ['a lone surrogate in a name', { '\ud800': 1 }],
    ['NaN', { a: Number.NaN }],
    ['a big integer', { a: 1n }],
    ['a function', { a: () => 1 }],
    ['a list with a hole', { a: new Array(1) }],
    ['a date', { a: new Date(0) }],
    ['a map', { a: new Map() }],
    ['something that spells itself', { a: { toJSON: () => 1 } }],
    ['a list that spells itself', { a: Object.assign([], { toJSON: () => 1 }) }],
    ['a name that is a number', { b: 1, 10: 2, 9: 3 }],
    ['a name that would change what the copy is', JSON.parse('{"__proto__":{"a":1}}')],
  ])('is not made of %s', (_case, value) => {
    expect(canonicalCopy(value, LEVELS)).toBeUndefined();
  });

  it('goes as deep as told and no deeper, so that a circle ends', () => {
    const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });
    expect(canonicalCopy(nested(5), 5)).toEqual(nested(5));
    expect(canonicalCopy(nested(6), 5)).toBeUndefined();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(canonicalCopy(circle, LEVELS)).toBeUndefined();
  });
});
