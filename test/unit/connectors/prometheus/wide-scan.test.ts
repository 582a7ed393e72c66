import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { conventions } from '../../../../electron/connectors/prometheus/conventions/all.ts';
import type { Convention } from '../../../../electron/connectors/prometheus/conventions/convention.ts';
import { narrowedTo, withNaming } from '../../../../electron/connectors/prometheus/narrowed-to.ts';
import { queryOf } from '../../../../electron/connectors/prometheus/service-metrics.ts';
import {
  byTurns,
  changedQuery,
  likelyQuery,
  newQuery,
} from '../../../../electron/connectors/prometheus/wide-queries.ts';
import { type Asks, type Wanted, wideScan } from '../../../../electron/connectors/prometheus/wide-scan.ts';

const grid = { fromMs: 0, toMs: 1_800_000, stepMs: 60_000 };
const isRead = (query: string) => !parser.parse(query).toString().includes('⚠');
const convention = (more: Partial<Convention> = {}): Convention => ({
  metrics: ['x'],
  name: 'traffic',
  kind: 'traffic',
  unit: 'req/s',
  query: 'sum by (svc) (rate(x[$window]))',
  service: 'svc',
  ...more,
});

/** An engine with so many series, of which these changed and those are new; and what it was asked. */
function engine(
  size: number,
  changed: () => Promise<string[]> | string[],
  fresh: () => string[] = () => [],
  labelNames: string[] = [],
) {
  const asked: string[] = [];
  const samples = (names: string[]) =>
    names.map((svc, at) => ({ labels: { svc, countersign_service: svc }, value: 100 - at }));
  const api: Asks = {
    async instant(query) {
      asked.push(query);
      if (query.startsWith('count(')) return [{ labels: {}, value: size }];
      if (query.includes('unless')) return samples(fresh());
      return samples(await changed());
    },
    labelNames: async () => labelNames,
    labelValues: async () => [],
  };
  const wish = { grid, services: [], scope: [], signal: new AbortController().signal };
  const looks = () => asked.filter((query) => query.includes('unless')).length;
  return { asked, api, wish, looks };
}

const queriesOf = (wanted: Wanted) => (wanted.kind === 'some' ? wanted.queries : []);

it.each(conventions.map((one) => [`${one.metrics.join(' + ')}: ${one.name}`, one] as const))(
  'asks for what changed, what is new, and some services alone, in PromQL that parses: %s',
  (_title, one) => {
    for (const asks of [likelyQuery, changedQuery, newQuery]) {
      const query = asks(one, grid, 1_800_000);
      expect(isRead(query)).toBe(true);
      expect(isRead(narrowedTo(one, query, ['checkout', 'web']))).toBe(true);
      expect(query).not.toContain('$window');
    }
  },
);

it('names services so that no name is anything but a name', () => {
  const names = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 });
  const naming = [
    { label: 'job', part: '(?:.*/)?(.+)' },
    { label: 'cluster', part: '(?:.*[|][|]|[^/]+/)?([^./|]+).*' },
  ];
  const services = fc.constantFrom({ service: 'svc' }, { service: 'countersign_service', naming });
  fc.assert(
    fc.property(names, services, (some, service) => {
      const query = narrowedTo(convention(service), 'sum by (svc) (x)', some);
      const tree = parser.parse(query).toString();
      expect(tree).not.toContain('⚠');
      const selectors = [...tree.matchAll(/VectorSelector/g)].length;
      expect(selectors).toBe('naming' in service ? 4 : 1);
    }),
  );
});

it('gathers a service out of the labels that are there alone', () => {
  for (const one of conventions.filter(({ naming }) => naming !== undefined)) {
    for (const kept of one.naming ?? []) {
      const lean = withNaming(one, new Set([kept.label, 'le']));
      const { query, naming } = lean;
      expect(naming).toEqual([kept]);
      expect(isRead(queryOf(lean, grid))).toBe(true);
      const times = (label: string, text: string) => text.split(`"$1", "${label}"`).length - 1;
      for (const { label } of one.naming ?? [])
        expect(times(label, query)).toBe(label === kept.label ? times(label, one.query) : 0);
    }
    expect(withNaming(one, new Set())).toBe(one);
  }
});

it('reads all series where there are few enough of them', async () => {
  const { api, asked, wish } = engine(500, () => []);
  const one = convention();
  const wanted = await wideScan(api, api, 1_000).wantedOf(one, [one], wish);
  expect(wanted).toEqual({ kind: 'all', query: queryOf(one, grid) });
  expect(asked).toEqual([`count(${queryOf(one, grid)})`]);
});

it('reads those that changed where there are more, and keeps reading them', async () => {
  let changed = ['a', 'b'];
  const { api, wish, looks } = engine(5_000, () => changed);
  const scan = wideScan(api, api, 1_000);
  const one = convention();
  expect(await scan.wantedOf(one, [one], wish)).toMatchObject({
    kind: 'some',
    queries: [expect.stringContaining('svc=~"a|b"')],
  });
  expect(scan.sentence()).toMatch(/5000 series of services.*changed or are new, 2 at present/);

  await scan.wantedOf(one, [one], { ...wish, grid: { ...grid, toMs: grid.toMs + 30_000 } });
  expect(looks()).toBe(1);
  changed = ['c'];
  const later = { ...wish, grid: { ...grid, toMs: grid.toMs + 90_000 } };
  await scan.wantedOf(one, [one], later);
  await new Promise((resolve) => setImmediate(resolve));
  expect(queriesOf(await scan.wantedOf(one, [one], later))).toEqual([
    expect.stringContaining('svc=~"c|a|b"'),
  ]);
  expect(looks()).toBe(2);
});

it('begins no second look while one is under way, and lets go whoever waits no longer', async () => {
  const { promise, resolve: answer } = Promise.withResolvers<string[]>();
  const { api, wish, looks } = engine(5_000, () => promise);
  const scan = wideScan(api, api, 1_000);
  const one = convention();
  const impatient = new AbortController();
  const first = scan.wantedOf(one, [one], { ...wish, signal: impatient.signal });
  const second = scan.wantedOf(one, [one], wish);
  await new Promise((resolve) => setImmediate(resolve));
  impatient.abort();
  await expect(first).rejects.toMatchObject({ code: 'timeout' });
  answer(['late']);
  expect(queriesOf(await second)).toEqual([expect.stringContaining('svc=~"late"')]);
  expect(looks()).toBe(1);
});

it('asks again after a look that failed', async () => {
  let fails = true;
  const { api, wish, looks } = engine(5_000, () => {
    if (fails) throw new Error('overloaded');
    return ['a'];
  });
  const scan = wideScan(api, api, 1_000);
  const one = convention();
  await expect(scan.wantedOf(one, [one], wish)).rejects.toThrow('overloaded');
  fails = false;
  await scan.wantedOf(one, [one], wish);
  expect(looks()).toBe(2);
});

it('reads those that are new by turns with those that changed, so that neither keeps the other out', async () => {
  const many = (name: string) => Array.from({ length: 80 }, (_, at) => `${name}${at}`);
  const { api, wish } = engine(
    5_000,
    () => many('changed'),
    () => many('new'),
  );
  const one = convention();
  const [query = ''] = queriesOf(await wideScan(api, api, 1_000).wantedOf(one, [one], wish));
  const names = /svc=~"([^"]*)"/.exec(query)?.[1]?.split('|') ?? [];
  expect(names).toHaveLength(60);
  expect(names.slice(0, 4)).toEqual(['changed0', 'new0', 'changed1', 'new1']);
});

it('takes names by turns, each once, whatever the lists', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e')), { minLength: 1 }), (lists) => {
      const taken = byTurns(...lists);
      expect(new Set(taken)).toEqual(new Set(lists.flat()));
      expect(taken).toHaveLength(new Set(taken).size);
      // The first of each list stands before the second of any, unless that is the first of another.
      const firsts = new Set(lists.flatMap(([first]) => first ?? []));
      expect(new Set(taken.slice(0, firsts.size))).toEqual(firsts);
    }),
  );
});

const gathering = conventions.find(({ naming, name }) => (naming?.length ?? 0) > 2 && name === 'error_rate');

it('narrows by those labels alone that are there, and asks in parts that are not too long', async () => {
  if (gathering === undefined) throw new Error('there is a convention whose service is gathered');
  const names = Array.from({ length: 50 }, (_, at) => `a-service-with-a-name-of-its-own-${at}`);
  const { api, wish, asked } = engine(
    5_000,
    () => names,
    () => [],
    ['job', 'service', 'le'],
  );
  const queries = queriesOf(await wideScan(api, api, 1_000).wantedOf(gathering, [gathering], wish));
  expect(queries.length).toBeGreaterThan(1);
  for (const query of queries) {
    expect(isRead(query)).toBe(true);
    expect(query.length).toBeLessThanOrEqual(15_000);
    expect(query).not.toContain('{app=~');
    expect(query).toContain('{job=~');
    expect(query).toContain('{service=~');
  }
  for (const name of names) expect(queries.filter((query) => query.includes(`"${name}"`))).toHaveLength(1);
  for (const query of asked) expect(query.length).toBeLessThanOrEqual(15_000);
});

it('keeps what the envelope hides out of every question', async () => {
  const { api, asked, wish } = engine(5_000, () => ['a']);
  const one = convention();
  const scoped = { ...wish, scope: ['namespace="shop"'] };
  const read = queriesOf(await wideScan(api, api, 1_000).wantedOf(one, [one], scoped));
  expect(asked).toHaveLength(4);
  for (const query of [...asked, ...read]) {
    const selectors = query.split('x{').length - 1;
    expect(selectors).toBeGreaterThan(0);
    expect(query.split('namespace="shop"').length - 1).toBe(selectors);
  }
});
