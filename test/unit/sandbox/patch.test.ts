import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatch, type Json, mergePatch } from '../../../electron/sandbox/kubernetes/patch.ts';

const patched = (type: string, target: Json, patch: unknown) =>
  applyPatch(`application/${type}+json`, target, JSON.stringify(patch));

// RFC 7386, Appendix A.
it.each<[Json, Json, Json]>([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('merge patch of %j with %j is %j', (target, patch, expected) => {
  expect(mergePatch(structuredClone(target), patch)).toEqual(expected);
});

describe('a strategic merge patch', () => {
  const deployment = {
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'app',
              image: 'app:1',
              env: [
                { name: 'A', value: '1' },
                { name: 'B', value: '2' },
              ],
              args: ['x', 'y'],
            },
            { name: 'proxy', image: 'proxy:1' },
          ],
        },
      },
    },
  };
  const containers = (list: unknown) => ({ spec: { template: { spec: { containers: list } } } });

  it.each<[string, unknown, unknown]>([
    [
      'merges containers by name and leaves the others',
      [{ name: 'proxy', image: 'proxy:2' }],
      [deployment.spec.template.spec.containers[0], { name: 'proxy', image: 'proxy:2' }],
    ],
    [
      'merges variables by name, and replaces other lists whole',
      [
        {
          name: 'app',
          env: [
            { name: 'B', value: '9' },
            { name: 'C', value: '3' },
          ],
          args: ['z'],
        },
      ],
      [
        {
          name: 'app',
          image: 'app:1',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '9' },
            { name: 'C', value: '3' },
          ],
          args: ['z'],
        },
        { name: 'proxy', image: 'proxy:1' },
      ],
    ],
    ['deletes by directive', [{ name: 'app', $patch: 'delete' }], [{ name: 'proxy', image: 'proxy:1' }]],
    [
      'replaces by directive',
      [{ name: 'new', image: 'n:1' }, { $patch: 'replace' }],
      [{ name: 'new', image: 'n:1' }],
    ],
  ])('%s', (_case, patch, expected) => {
    expect(patched('strategic-merge-patch', deployment, containers(patch))).toEqual(containers(expected));
  });

  it('refuses an item without its merge key', () => {
    expect(() => patched('strategic-merge-patch', deployment, containers([{ image: 'x' }]))).toThrow(
      /merge key: name/,
    );
  });

  it('deletes a member that is null', () => {
    const annotated = { metadata: { annotations: { a: '1', b: '2' } } };
    const patch = { metadata: { annotations: { a: null } } };
    expect(patched('strategic-merge-patch', annotated, patch)).toEqual({
      metadata: { annotations: { b: '2' } },
    });
  });
});

describe('a JSON patch', () => {
  it.each<[string, Json, unknown, Json]>([
    ['adds to a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    ['appends', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    ['replaces', { a: { b: 1 } }, [{ op: 'replace', path: '/a/b', value: 2 }], { a: { b: 2 } }],
    ['removes', { a: { b: 1, c: 2 } }, [{ op: 'remove', path: '/a/b' }], { a: { c: 2 } }],
    [
      'reads escaped names',
      { 'a/b': 1, 'c~d': 2 },
      [
        { op: 'remove', path: '/a~1b' },
        { op: 'replace', path: '/c~0d', value: 3 },
      ],
      { 'c~d': 3 },
    ],
    [
      'goes on after a test that holds',
      { a: 1 },
      [
        { op: 'test', path: '/a', value: 1 },
        { op: 'replace', path: '/a', value: 2 },
      ],
      { a: 2 },
    ],
  ])('%s', (_case, target, patch, expected) =>
    expect(patched('json-patch', target, patch)).toEqual(expected),
  );

  it.each<[string, unknown, number]>([
    ['a test that does not hold', [{ op: 'test', path: '/a', value: 2 }], 422],
    ['a path that is not there', [{ op: 'replace', path: '/b/c', value: 2 }], 422],
    ['an index beyond the end', [{ op: 'add', path: '/list/7', value: 2 }], 422],
    ['an index that is none', [{ op: 'remove', path: '/list/01' }], 422],
    ['an operation it does not know', [{ op: 'copy', path: '/a', from: '/list' }], 422],
    ['something that is not a list', { op: 'remove', path: '/a' }, 400],
    ['a path without a slash', [{ op: 'remove', path: 'a' }], 400],
    ['a missing value', [{ op: 'add', path: '/a' }], 400],
  ])('refuses %s', (_case, patch, code) => {
    expect(() => patched('json-patch', { a: 1, list: [1] }, patch)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

it('refuses what is no JSON, and a type it does not know', () => {
  expect(() => applyPatch('application/merge-patch+json', {}, '{')).toThrow(
    expect.objectContaining({ code: 400 }),
  );
  expect(() => applyPatch('application/apply-patch+yaml', {}, '{}')).toThrow(
    expect.objectContaining({ code: 415 }),
  );
  expect(() => applyPatch('toString', {}, '{}')).toThrow(expect.objectContaining({ code: 415 }));
});

it('leaves every prototype and the patched object alone, whatever is sent', () => {
  const target = { metadata: { labels: { a: 'b' } } };
  fc.assert(
    fc.property(fc.constantFrom('merge-patch', 'strategic-merge-patch'), fc.json(), (type, body) => {
      const evil = `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"metadata":${body}}`;
      try {
        applyPatch(`application/${type}+json`, target, evil);
      } catch (error) {
        expect(error).toMatchObject({ code: 400 });
      }
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
      expect(target).toEqual({ metadata: { labels: { a: 'b' } } });
    }),
  );
});
