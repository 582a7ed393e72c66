import fc from 'fast-check';
import { expect, it } from 'vitest';
import { demandSound } from '../../../../electron/analyst/tools/promql.ts';

it.each([
  'up',
  'sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) / sum by (job) (rate(http_requests_total[5m]))',
  'max_over_time(rate(x[5m])[1h:1m])',
  'x offset 7d',
  'x[1d]',
  'x @ end()',
])('takes %s', (query) => expect(() => demandSound(query)).not.toThrow());

it.each([
  ['is no PromQL from here', 'sum by (job'],
  ['is no PromQL from here', 'up; drop table x'],
  ['is no PromQL from here', 'kubectl delete pods --all'],
  ['is no PromQL from here', ''],
  ['has a subquery within a subquery', 'max_over_time(max_over_time(x[1h:1m])[1h:1m])'],
  ['looks back more than 1 days', 'rate(x[2d])'],
  ['looks back more than 1 days', 'rate(x[23h61m])'],
  ['looks back more than 1 days', 'rate(x[100000])'],
  ['looks back more than 1 days', 'max_over_time(x[3d:5m])'],
  ['has a duration that is more than a number', 'x[1h * 30]'],
  ['has a duration that is more than a number', 'x[1e9]'],
  ['has a subquery of too many steps', 'max_over_time(x[1d:1s])'],
  ['has a subquery of too many steps', 'max_over_time(x[1h:0s])'],
  ['has a carriage return in a comment', 'up # \r + x[30d]'],
  ['looks back more than 31 days', 'x offset 1y'],
  ['looks back more than 31 days', 'x offset -40d'],
])('%s: %s', (why, query) => expect(() => demandSound(query)).toThrow(why));

it('answers at once, whatever it is given', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (query) => {
      try {
        demandSound(query);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad_input' });
      }
    }),
  );
});
