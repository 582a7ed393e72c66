import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareConfig, configAt } from '../../../../electron/analyst/tools/compare-config.ts';
import { Event } from '../../../../shared/vocabulary/event.ts';
import { inMemoryCluster } from '../../../fixtures/in-memory-cluster.ts';
import { FORMATS } from '../../../fixtures/planted-secrets/formats.ts';
import { readContextOf, systemsOf } from '../../../fixtures/read-context-of.ts';

const calm = () => new AbortController().signal;
const edit = (at: string, path: string, before: string | null, after: string | null) =>
  Event.parse({
    incident: 'inc-1',
    kind: 'change',
    change: 'config',
    key: `config:${at}`,
    atMs: Date.parse(at),
    service: 'checkout',
    title: 'edited',
    source: 'Cluster',
    labels: { namespace: 'shop', object: 'ConfigMap/checkout-config' },
    diff: [{ path, before, after }],
  });
const at = (hour: string) => `2026-03-01T${hour}:00Z`;

const compare = (events: Event[], from: string, to?: string) =>
  compareConfig.run(
    { namespace: 'shop', name: 'checkout-config', from, to },
    readContextOf({ events: () => events, systems: systemsOf([{ cluster: inMemoryCluster().reader }]) }),
    calm(),
  );

it('undoes each edit back to both points in time', async () => {
  const events = [
    edit(at('10:00'), 'pool.size', '80', '40'),
    edit(at('11:00'), 'pool.size', '40', '4'),
    edit(at('11:30'), 'mode', null, 'fast'),
  ];
  expect((await compare(events, at('09:00'))).diff).toEqual([
    { path: 'mode', before: null, after: 'fast' },
    { path: 'pool.size', before: '80', after: '4' },
  ]);
  expect(await compare(events, at('09:00'), at('10:30'))).toMatchObject({
    diff: [{ path: 'pool.size', before: '80', after: '40' }],
    changes: [`config:${at('10:00')}`],
  });
  expect((await compare(events, at('11:45'))).diff).toEqual([]);
});

it('shows no secret, and refuses times in the wrong order', async () => {
  const events = [edit(at('11:00'), 'db.password', 'hunter2', null)];
  const { diff } = await compare(events, at('10:00'));
  expect(diff).toEqual([{ path: 'db.password', before: '(hidden)', after: null }]);
  await expect(compare([], at('11:00'), at('10:00'))).rejects.toThrow('from must lie before to');
});

it('finds every content that there was, whatever was edited', () => {
  const value = fc.option(fc.string({ maxLength: 5 }), { nil: null });
  const edits = fc.array(fc.record({ path: fc.constantFrom('a', 'b', '__proto__'), after: value }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(edits, (wishes) => {
      const history: Map<string, string>[] = [new Map()];
      const done = wishes.map(({ path, after }, index) => {
        const before = history.at(-1) ?? new Map<string, string>();
        const next = new Map(before);
        if (after === null) next.delete(path);
        else next.set(path, after);
        history.push(next);
        return { atMs: index + 1, diff: [{ path, before: before.get(path) ?? null, after }] };
      });
      const now = Object.fromEntries(history.at(-1) ?? []);
      history.forEach((content, atMs) => {
        expect([...configAt(now, done, atMs)].sort()).toEqual([...content].sort());
      });
    }),
  );
});

function clusterWith(data: Record<string, string>) {
  const cluster = inMemoryCluster();
  cluster.setConfig({ uid: 'c1', data, immutable: false, managedBy: null, ownership: null });
  return cluster.reader;
}

it.each(Object.entries(FORMATS))(
  'shows no secret of %s, neither as it stands nor as it was',
  async (_name, format) => {
    const secret = 'hunter2-geheim';
    const file = format({ secret, name: 'db_password', around: [] });
    const data = { 'pool.size': '4', file };
    const tool = compareConfig.run(
      { namespace: 'shop', name: 'checkout-config', from: at('09:00'), to: undefined },
      readContextOf({
        events: () => [edit(at('10:00'), 'file', file.replace(secret, `${secret}-old`), file)],
        systems: systemsOf([{ cluster: clusterWith(data) }]),
      }),
      calm(),
    );
    const told = await tool;
    expect(told.diff.map(({ path }) => path)).toEqual(['file']);
    expect(JSON.stringify(told)).not.toContain(secret);
  },
);
