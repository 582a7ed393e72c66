import { expect, it } from 'vitest';
import { objectStore } from '../../../electron/sandbox/cluster/object-store.ts';
import { randomOf, uuidOf } from '../../../electron/sandbox/random.ts';

const atMs = Date.parse('2026-03-01T12:00:00.700Z');
const map = (name: string, value = '1', namespace = 'shop') => ({
  apiVersion: 'v1' as const,
  kind: 'ConfigMap' as const,
  metadata: { name, namespace },
  data: { value },
});

it('gives each write the next version, and keeps uid and birth', () => {
  const store = objectStore(1);
  const first = store.put<'ConfigMap'>(map('a'), atMs);
  const second = store.put<'ConfigMap'>(map('a', '2'), atMs + 60_000);
  expect(Number(second.metadata.resourceVersion)).toBe(Number(first.metadata.resourceVersion) + 1);
  expect(second.metadata).toMatchObject({
    uid: first.metadata.uid,
    creationTimestamp: '2026-03-01T12:00:00Z',
  });
  expect(first.data).toEqual({ value: '1' });
});

it('lists by namespace and name', () => {
  const store = objectStore(1);
  for (const [name, namespace] of [
    ['b', 'shop'],
    ['a', 'web'],
    ['a', 'shop'],
  ] as const)
    store.put<'ConfigMap'>(map(name, '1', namespace), atMs);
  const names = store.list('ConfigMap').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  expect(names).toEqual(['shop/a', 'shop/b', 'web/a']);
  expect(store.list('ConfigMap', 'web')).toHaveLength(1);
});

it('tells what changed after a version, until the log no longer reaches back', () => {
  const store = objectStore(1, 4);
  const begun = store.version();
  store.put<'ConfigMap'>(map('a'), atMs);
  store.put<'ConfigMap'>(map('a', '2'), atMs);
  store.remove('ConfigMap', 'shop', 'a');
  store.remove('ConfigMap', 'shop', 'never-there');
  expect(store.changesSince(begun, 'ConfigMap')?.map(({ type }) => type)).toEqual([
    'ADDED',
    'MODIFIED',
    'DELETED',
  ]);
  expect(store.changesSince(begun, 'Pod')).toEqual([]);
  expect(
    store.changesSince(begun + 2, 'ConfigMap')?.map(({ object }) => object.metadata.resourceVersion),
  ).toEqual([String(begun + 3)]);

  for (let count = 0; count < 10; count++) store.put<'ConfigMap'>(map('b', String(count)), atMs);
  expect(store.changesSince(begun, 'ConfigMap')).toBeNull();
  expect(store.changesSince(store.version(), 'ConfigMap')).toEqual([]);
});

it('forgets whom an owner owned', () => {
  const store = objectStore(1);
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'owner' }];
  store.put<'ConfigMap'>({ ...map('a'), metadata: { ...map('a').metadata, ownerReferences } }, atMs);
  expect(store.ownedBy('ConfigMap', 'owner')).toHaveLength(1);
  store.remove('ConfigMap', 'shop', 'a');
  expect(store.ownedBy('ConfigMap', 'owner')).toEqual([]);
});

it('draws from streams that have nothing to do with each other', () => {
  const draws = (seed: number, name: string) => Array.from({ length: 8 }, randomOf(seed, name).unit);
  expect(draws(1, 'a')).toEqual(draws(1, 'a'));
  const streams = Array.from({ length: 200 }, (_, seed) => draws(seed, 'a')).concat([draws(0, 'b')]);
  expect(new Set(streams.map(String)).size).toBe(201);
  const firsts = streams.map(([first = 0]) => first);
  expect(firsts.reduce((total, value) => total + value) / firsts.length).toBeCloseTo(0.5, 1);
  expect(uuidOf('x')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
