import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { conventions } from '../../../../electron/connectors/prometheus/conventions/all.ts';
import type { Convention } from '../../../../electron/connectors/prometheus/conventions/convention.ts';
import { queryOf } from '../../../../electron/connectors/prometheus/service-metrics.ts';
import {
  type Asks,
  changedQuery,
  narrowedTo,
  wideScan,
} from '../../../../electron/connectors/prometheus/wide-scan.ts';

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

/** An engine with so many series, of which these changed; and what it was asked. */
function engine(size: number, changed: () => Promise<string[]> | string[]) {
  const asked: string[] = [];
  const api: Asks = {
    async instant(query) {
      asked.push(query);
      if (query.startsWith('count(')) return [{ labels: {}, value: size }];
      return (await changed()).map((svc, at) => ({ labels: { svc }, value: 100 - at }));
    },
  };
  const wish = { grid, services: [], scope: [], signal: new AbortController().signal };
  return { asked, api, wish, looks: () => asked.filter((query) => query.startsWith('topk(')).length };
}

it.each(conventions.map((one) => [`${one.metrics.join(' + ')}: ${one.name}`, one] as const))(
  'asks for what changed, and for some services alone, in PromQL that parses: %s',
  (_title, one) => {
    expect(isRead(changedQuery(one, grid, 1_800_000))).toBe(true);
    expect(isRead(narrowedTo(one, queryOf(one, grid), ['checkout', 'web']))).toBe(true);
  },
);

it('names services so that no name is anything but a name', () => {
  const names = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 });
  const labels = fc.constantFrom('svc', 'countersign_service');
  fc.assert(
    fc.property(names, labels, (some, service) => {
      const query = narrowedTo(convention({ service }), 'sum by (svc) (x)', some);
      const tree = parser.parse(query).toString();
      expect(tree).not.toContain('⚠');
      const selectors = [...tree.matchAll(/VectorSelector/g)].length;
      expect(selectors).toBe(1);
    }),
  );
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
    query: expect.stringContaining('svc=~"a|b"'),
  });
  expect(scan.sentence()).toMatch(/5000 series of services.* 2 at present/);

  await scan.wantedOf(one, [one], { ...wish, grid: { ...grid, toMs: grid.toMs + 30_000 } });
  expect(looks()).toBe(1);
  changed = ['c'];
  const later = { ...wish, grid: { ...grid, toMs: grid.toMs + 90_000 } };
  await scan.wantedOf(one, [one], later);
  expect((await scan.wantedOf(one, [one], later)).query).toContain('svc=~"c|a|b"');
  expect(looks()).toBe(2);
});

it('begins no second look while one is under way, and lets go whoever waits no longer', async () => {
  let answer = (_names: string[]) => {};
  const { api, wish, looks } = engine(
    5_000,
    () =>
      new Promise<string[]>((resolve) => {
        answer = resolve;
      }),
  );
  const scan = wideScan(api, api, 1_000);
  const one = convention();
  const impatient = new AbortController();
  const first = scan.wantedOf(one, [one], { ...wish, signal: impatient.signal });
  const second = scan.wantedOf(one, [one], wish);
  await new Promise((resolve) => setImmediate(resolve));
  impatient.abort();
  await expect(first).rejects.toMatchObject({ code: 'timeout' });
  answer(['late']);
  expect((await second).query).toContain('svc=~"late"');
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

it('keeps what the envelope hides out of every question', async () => {
  const { api, asked, wish } = engine(5_000, () => ['a']);
  const one = convention();
  const scoped = { ...wish, scope: ['namespace="shop"'] };
  const { query: read } = await wideScan(api, api, 1_000).wantedOf(one, [one], scoped);
  expect(asked).toHaveLength(2);
  for (const query of [...asked, read]) {
    const selectors = query.split('x{').length - 1;
    expect(selectors).toBeGreaterThan(0);
    expect(query.split('namespace="shop"').length - 1).toBe(selectors);
  }
});
