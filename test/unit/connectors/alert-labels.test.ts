import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fingerprintOf,
  serviceOf,
  severityOf,
  summaryOf,
} from '../../../electron/connectors/alert-labels.ts';

describe('the service of an alert', () => {
  it.each([
    ['the service label before all', { service: 'a', app: 'b', job: 'c' }, 'a'],
    ['OpenTelemetry', { service_name: 'a', job: 'c' }, 'a'],
    ['Istio', { destination_workload: 'a', job: 'istio' }, 'a'],
    ['a deployment', { deployment: 'a', job: 'kube-state-metrics' }, 'a'],
    ['the job when nothing else tells', { job: 'a' }, 'a'],
    ['nobody', { instance: 'x' }, null],
    ['no empty label', { service: '', app: 'b' }, 'b'],
  ])('is told by %s', (_case, labels: Record<string, string>, service) =>
    expect(serviceOf(labels)).toBe(service),
  );
});

it.each([
  ['critical', 'critical'],
  ['page', 'critical'],
  ['ERROR', 'critical'],
  ['warning', 'warning'],
  ['none', 'info'],
  ['', 'info'],
  ['not critical', 'info'],
])('takes the severity %s for %s', (severity, expected) => expect(severityOf({ severity })).toBe(expected));

it('sums up by what the annotations say, else by the name, and bounds it', () => {
  const labels = { alertname: 'HighErrors' };
  expect(summaryOf(labels, { summary: 's', description: 'd' })).toBe('s');
  expect(summaryOf(labels, { description: 'd', message: 'm' })).toBe('d');
  expect(summaryOf(labels, { message: 'm' })).toBe('m');
  expect(summaryOf(labels, {})).toBe('HighErrors');
  expect(summaryOf({}, {})).not.toBe('');
  expect(summaryOf(labels, { summary: '長'.repeat(2_000) })).toHaveLength(500);
});

it('fingerprints a label set whatever its order, and tells sets apart', () => {
  // The value of prometheus/common for the empty set, its FNV-1a offset basis.
  expect(fingerprintOf({})).toBe('cbf29ce484222325');
  const labels = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), {
    maxKeys: 6,
  });
  fc.assert(
    fc.property(labels, (set) => {
      const reversed = Object.fromEntries(Object.entries(set).reverse());
      expect(fingerprintOf(reversed)).toBe(fingerprintOf(set));
      expect(fingerprintOf(set)).toMatch(/^[0-9a-f]{16}$/);
      expect(fingerprintOf({ ...set, 'countersign-test': '1' })).not.toBe(fingerprintOf(set));
    }),
  );
  expect(fingerprintOf({ ab: 'c' })).not.toBe(fingerprintOf({ a: 'bc' }));
});
