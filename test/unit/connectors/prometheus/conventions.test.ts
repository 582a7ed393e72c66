import { parser } from '@prometheus-io/lezer-promql';
import { expect, it } from 'vitest';
import { conventions } from '../../../../electron/connectors/prometheus/conventions/all.ts';
import { GATHERED } from '../../../../electron/connectors/prometheus/conventions/convention.ts';
import { queryOf } from '../../../../electron/connectors/prometheus/service-metrics.ts';

const grid = { fromMs: 0, toMs: 60_000, stepMs: 15_000 };

it.each(
  conventions.map(
    (convention) => [`${convention.metrics.join(' + ')}: ${convention.name}`, convention] as const,
  ),
)('asks in PromQL that parses, by the label that names the service: %s', (_title, convention) => {
  const query = queryOf(convention, grid);
  expect(parser.parse(query).toString()).not.toContain('⚠');
  expect(query).not.toContain('$window');
  for (const label of [convention.service, ...Object.values(convention.labels ?? {})]) {
    expect(query).toMatch(new RegExp(`by \\([^)]*\\b${label}\\b`));
  }
});

it('says of each service that a query gathers out of which labels, and of no other', () => {
  for (const { service, naming, query } of conventions) {
    expect(naming !== undefined).toBe(service === GATHERED);
    for (const { label, part } of naming ?? [])
      expect(query).toContain(`"${GATHERED}", "$1", "${label}", "${part}"`);
  }
});

it.each([
  [1_000, '60s'],
  [15_000, '60s'],
  [60_000, '240s'],
  [120_000, '240s'],
  [300_000, '300s'],
  [3_600_000, '3600s'],
])(
  'takes rates over four steps, at least a minute, and over one where that is enough: a step of %s ms gives %s',
  (stepMs, range) => {
    const [convention] = conventions;
    if (!convention) throw new Error('there are conventions');
    expect(queryOf(convention, { ...grid, stepMs })).toContain(`[${range}]`);
  },
);
