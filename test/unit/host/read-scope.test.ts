import { expect, it } from 'vitest';
import { readScope } from '../../../electron/host/read-scope.ts';

const reads = {
  namespaces: ['shop*'],
  metrics: ['a="b"'],
  logs: [],
  refusedHosts: ['*.Internal.example', '10.0.0.5'],
};

it('follows the envelope in force', () => {
  const scope = readScope(() => reads);
  expect([scope.namespace('shop-eu'), scope.namespace('kube-system')]).toEqual([true, false]);
  expect(scope.metrics()).toEqual(['a="b"']);
});

it('refuses hosts by name and by address, whatever the case', () => {
  const scope = readScope(() => reads);
  expect(scope.refusesHost('DB.internal.EXAMPLE')).toBe(true);
  expect(scope.refusesHost('10.0.0.5')).toBe(true);
  expect(scope.refusesHost('internal.example')).toBe(false);
});

it('does not open what was closed when the envelope breaks', () => {
  let now: typeof reads | null = reads;
  const scope = readScope(() => now);
  expect(scope.namespace('kube-system')).toBe(false);
  now = null;
  expect(scope.namespace('kube-system')).toBe(false);
  expect(scope.refusesHost('10.0.0.5')).toBe(true);
});

it('lets everything be read before there ever was an envelope: it decides about writes first', () => {
  expect(readScope(() => null).namespace('kube-system')).toBe(true);
});
