import { describe, expect, it } from 'vitest';
import { explain } from '../../../electron/correlation/rank-explained.ts';
import type { CaseChange, CaseFile } from '../../../shared/formats/case.ts';
import { caseWith, change, metric } from '../../fixtures/case-builder.ts';

const names = ['cart', 'mail', 'search', 'users', 'stock', 'prices'];
/** Nobody calls anybody: what two services have in common is their machine. */
const shop = (bad: readonly string[], changes: CaseChange[]): CaseFile =>
  caseWith({
    services: names.map((id) => ({ id, nodes: id === 'cart' || id === 'mail' ? ['n1', 'n3'] : ['n2'] })),
    metrics: names.map((service) =>
      metric({
        service,
        kind: 'latency',
        normal: 0.2,
        seed: service.length,
        ...(bad.includes(service) ? { departs: { minute: 50, level: 0.6 } } : {}),
      }),
    ),
    changes,
  });
const drained = (id: string, node: string, labels = { object: `Node/${node}` }): CaseChange =>
  change(id, '(no service named)', 49, { kind: 'infrastructure', labels });
const machineOf = (input: CaseFile, id: string) =>
  explain(input)
    .changes.find((one) => one.id === id)
    ?.factors.find(({ name }) => name === 'machine');

describe('a change to a machine', () => {
  const others = [change('release', 'stock', 49), drained('n2 drained', 'n2')];

  it('is the cause where the services that run there are out of order and others are not', () => {
    const input = shop(['cart', 'mail'], [drained('n1 drained', 'n1'), ...others]);
    const { changes, services } = explain(input);
    expect(changes[0]?.id).toBe('n1 drained');
    expect(
      services
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['cart', 'mail']);
    expect(machineOf(input, 'n1 drained')?.sentence).toBe(
      'On n1, where 2 services run, is 100 % of what services show by themselves',
    );
    expect(machineOf(input, 'n2 drained')?.value).toBeLessThan(0.35);
  });

  it('is tied by a metric that names the machine as well', () => {
    const input = shop(
      ['cart'],
      [drained('lost', 'n9', { object: '', ...{ node: 'n9' } } as never), ...others],
    );
    const onNode = metric({ service: 'cart', kind: 'saturation', normal: 0.4, labels: { node: 'n9' } });
    expect(machineOf({ ...input, metrics: [...input.metrics, onNode] }, 'lost')?.value).toBeGreaterThan(0.6);
  });

  it.each([
    ['a machine that nobody knows', drained('x', 'n7')],
    ['no machine', drained('x', '', { object: 'Job/backup' })],
    ['a release labelled with one', change('x', 'cart', 49, { labels: { node: 'n1' } })],
  ])('is judged without one when it names %s', (_case, one) => {
    expect(machineOf(shop(['cart'], [one]), 'x')?.value).toBe(0.5);
  });
});
