import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alertQuery } from '../../../electron/connectors/alert-query.ts';

it.each([
  ['up == 0', 'up', 0],
  ['errors > 0.05', 'errors', 0.05],
  ['errors >= bool 0.05', 'errors', 0.05],
  ['0.05 < errors', 'errors', 0.05],
  ['((errors)) > (1)', '((errors))', 1],
  ['(errors > 3)', 'errors', 3],
  ['temperature < -5', 'temperature', -5],
  ['x != 1e3', 'x', 1000],
  ['x > 0x1F', 'x', 31],
  [
    'sum by (service) (rate(http_requests_total{code=~"5.."}[5m])) / sum by (service) (rate(http_requests_total[5m])) > 0.01',
    'sum by (service) (rate(http_requests_total{code=~"5.."}[5m])) / sum by (service) (rate(http_requests_total[5m]))',
    0.01,
  ],
  ['# a comment\nerrors > 2 # another', 'errors', 2],
])('takes the comparison off %s', (expression, series, threshold) =>
  expect(alertQuery(expression)).toEqual({ expression, series, threshold }),
);

it.each([
  'errors > limits',
  'errors > 1 and traffic > 2',
  'absent(up{job="x"})',
  'x > Inf',
  'x > NaN',
  'x > 5m',
  '1 > 2 > x',
  'sum by (',
  '',
  '🤷 > 1',
])('leaves %s whole', (expression) =>
  expect(alertQuery(expression)).toEqual({ expression, series: expression, threshold: null }),
);

it('never throws, and never makes a series out of a part that does not stand alone', () => {
  const token = fc.constantFrom(
    'errors',
    '{a="b"}',
    '>',
    '<=',
    '==',
    '0.5',
    '-1',
    '(',
    ')',
    ' ',
    'and',
    'sum',
    '[5m]',
    '5m',
    '"x"',
    '#',
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
      const expression = tokens.join('');
      const { series, threshold } = alertQuery(expression);
      expect(expression).toContain(series);
      if (threshold !== null) expect(parser.parse(series).toString()).not.toContain('⚠');
    }),
  );
});
