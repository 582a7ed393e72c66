import { parser } from '@prometheus-io/lezer-promql';
import { expect, it } from 'vitest';
import { callsQuery, topologyOf } from '../../../../electron/connectors/prometheus/call-topology.ts';

const from = { source_workload: 'card-gateway', source_workload_namespace: 'payments' };
const unknown = { destination_workload: 'unknown', destination_workload_namespace: 'unknown' };
const sample = (labels: Record<string, string>) => ({ labels, atMs: 0, value: 1 });

it('asks in PromQL that parses', () => {
  const query = callsQuery({ fromMs: 0, toMs: 3_600_000 });
  expect(parser.parse(query).toString()).not.toContain('⚠');
});

it('knows who is called outside the mesh by the name of the host', () => {
  const { services, calls } = topologyOf([
    sample({ ...from, ...unknown, destination_service_name: 'cards.example' }),
  ]);
  expect(services).toContainEqual({ id: 'cards.example', namespace: null, tier: null });
  expect(calls).toEqual([{ from: 'card-gateway', to: 'cards.example' }]);
});

it.each([
  ['by its workload where one is known', { destination_workload: 'bank', destination_service_name: 'b' }],
  ['once, however it is told', { ...unknown, destination_service_name: 'bank' }],
])('names a service of the mesh %s', (_case, called) => {
  const known = sample({ ...from, destination_workload: 'bank', destination_workload_namespace: 'money' });
  const { services, calls } = topologyOf([known, sample({ ...from, ...called })]);
  expect(calls).toEqual([{ from: 'card-gateway', to: 'bank' }]);
  expect(services.find(({ id }) => id === 'bank')?.namespace).toBe('money');
});

it('makes nobody of a call of which neither workload nor host is known', () => {
  expect(topologyOf([sample({ ...from, ...unknown })]).calls).toEqual([]);
});
