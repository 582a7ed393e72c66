import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SourceFact } from '../../../../electron/connectors/delivered.ts';
import { lokiApi } from '../../../../electron/connectors/loki/api.ts';
import { errorSource } from '../../../../electron/connectors/loki/error-source.ts';
import { steppedClock } from '../../../../electron/platform/clock.ts';
import type { LiveHttp } from '../../../../electron/platform/http.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const second = nowMs / 1_000;
type Row = { metric: Record<string, string>; values: [number, string][] };

/** What a Loki that counts so tells of the last minutes, and what stands on its status. */
async function told(result: readonly Row[]): Promise<{ found: SourceFact[]; oddity: string | null }> {
  const text = JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
  const answer = async (path: string, query: unknown) => {
    if (!path.includes('query_range')) return { status: 'success', data: ['service_name'] };
    return JSON.stringify(query).includes('count_over_time')
      ? JSON.parse(text)
      : { status: 'success', data: { resultType: 'streams', result: [] } };
  };
  const http: LiveHttp = {
    skewMs: () => null,
    getJson: answer,
    postForm: answer,
    listen: async () => {},
  };
  const { clock } = steppedClock((error) => {
    throw error;
  }, nowMs);
  const source = errorSource({
    ...{ api: lokiApi(http), source: 'Logs', clock },
    ...{ logScope: () => [], mayRead: () => true, isLive: false },
  });
  const window = { fromMs: nowMs - 600_000, toMs: nowMs };
  const found = await source.backfill(window, new AbortController().signal);
  return { found: found as SourceFact[], oddity: source.oddity() };
}

const burst: [number, string][] = [-120, -105, -90, -75].map((back) => [second + back, '20']);
const metric = { service_name: 'checkout', namespace: 'shop' };
const title = 'Errors in the log of checkout: 20 in a minute, usually 0';

it.each<[string, [number, string][]]>([
  [
    'NaN, infinities and words',
    [
      [second - 300, 'NaN'],
      [second - 285, '+Inf'],
      [second - 270, '-Inf'],
      [second - 255, 'stale'],
    ],
  ],
  [
    'times of the future',
    [
      [second + 3_600, '900'],
      [1e300, '900'],
      [-1e300, '900'],
    ],
  ],
  ['times before those that were asked for', [[second - 90_000, '900']]],
])('counts no %s', async (_case, values) => {
  const { found } = await told([{ metric, values: [...values, ...burst] }]);
  expect(found.map((one) => one.title)).toEqual([title]);
});

it('finds the same in whatever order counts come', async () => {
  const { found } = await told([{ metric, values: burst.toReversed() }]);
  expect(found.map((one) => one.title)).toEqual([title]);
});

it('takes names of every script as they are, and none as code', async () => {
  const name = fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
      fc.constantFrom('__proto__', 'constructor', '"} or {', '服务', 'سلة'),
    )
    .filter((text) => text.trim() !== '');
  await fc.assert(
    fc.asyncProperty(name, async (service) => {
      const { found } = await told([{ metric: { ...metric, service_name: service }, values: burst }]);
      expect(found.map((one) => one.service)).toEqual([service]);
    }),
    { numRuns: 50 },
  );
});

it('counts two thousand services of a hundred thousand, and says so', async () => {
  const many = Array.from(
    { length: 100_000 },
    (_, at): Row => ({ metric: { service_name: `request-${at}` }, values: [[second - 60, '1']] }),
  );
  const { oddity } = await told([...many, { metric, values: burst }]);
  expect(oddity).toMatch(/^Errors of 98001 services are not counted, since more than 2000 write some\./);
});
