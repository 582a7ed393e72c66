import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { podsOfWorkload, workloadOfPod } from '../../../../electron/connectors/pod-name.ts';
import { conventions } from '../../../../electron/connectors/prometheus/conventions/all.ts';
import { expressionFor, tellsOf } from '../../../../electron/connectors/prometheus/series-expression.ts';

const grid = { fromMs: 0, toMs: 60_000, stepMs: 15_000 };
const first = (name: string, service: string) => {
  const found = conventions.find((one) => one.name === name && one.service === service);
  if (!found) throw new Error(`there is a convention for ${name}`);
  return found;
};

describe('the expression of a series', () => {
  it('narrows each selector to the service, and to the version of a cohort', () => {
    const traffic = first('traffic', 'destination_workload');
    expect(expressionFor(traffic, { service: 'payments', name: 'traffic', labels: {} }, grid)).toBe(
      'sum by (destination_workload) (rate(istio_requests_total{reporter="destination",destination_workload="payments"}[60s]))',
    );
    const cohort = conventions.find(({ labels }) => labels?.['version'] !== undefined);
    if (!cohort) throw new Error('versions are told apart');
    const series = { service: 'payments', name: 'error_rate', labels: { version: '1.41' } };
    const expression = expressionFor(cohort, series, grid);
    expect(expression.match(/destination_workload="payments",destination_version="1.41"/g)).toHaveLength(3);
  });

  it('names the pods of a workload and no others', () => {
    const pods = first('saturation', 'pod');
    const expression = expressionFor(pods, { service: 'a.b', name: 'saturation', labels: {} }, grid);
    expect(expression).toMatch(/^max\(/);
    expect(expression).toContain('pod=~"a\\\\.b|a\\\\.b-[');
    const matches = new RegExp(`^(?:${podsOfWorkload('a.b')})$`);
    for (const pod of ['a.b-6d9f7c5b8d-x2x7q', 'a.b-0', 'a.b-x2x7q', 'a.b']) expect(pod).toMatch(matches);
    for (const pod of ['a-b-0', 'a.b-worker-0', 'xa.b-0']) expect(pod).not.toMatch(matches);
  });

  it('is sound PromQL whatever a service is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...conventions), (service, convention) => {
        const labels = Object.fromEntries(Object.keys(convention.labels ?? {}).map((key) => [key, service]));
        const expression = expressionFor(convention, { service, name: convention.name, labels }, grid);
        let errors = 0;
        parser.parse(expression).iterate({
          enter: (node) => {
            if (node.type.isError) errors += 1;
          },
        });
        expect(errors, expression).toBe(0);
      }),
    );
  });

  it('takes the pods that a workload is told by', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
        fc.constantFrom('-6d9f7c5b8d-x2x7q', '-x2x7q', '-7'),
        (workload, ending) => {
          fc.pre(workloadOfPod(workload) === workload && workloadOfPod(workload + ending) === workload);
          expect(workload + ending).toMatch(new RegExp(`^(?:${podsOfWorkload(workload)})$`));
        },
      ),
    );
  });

  it('comes of a convention with the same name and cohorts alone', () => {
    const whole = first('error_rate', 'destination_workload');
    expect(tellsOf(whole, { service: 'a', name: 'error_rate', labels: {} })).toBe(true);
    expect(tellsOf(whole, { service: 'a', name: 'error_rate', labels: { version: '1' } })).toBe(false);
    expect(tellsOf(whole, { service: 'a', name: 'traffic', labels: {} })).toBe(false);
  });
});
