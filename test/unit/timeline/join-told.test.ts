import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinTold } from '../../../electron/timeline/join-told.ts';
import { type ChangeEvent, Event } from '../../../shared/vocabulary/event.ts';

const atMs = Date.parse('2026-03-01T12:00:00Z');
const change = (more: Omit<Partial<ChangeEvent>, 'incident'>): ChangeEvent =>
  Event.parse({
    incident: 'inc-1',
    kind: 'change',
    change: 'deploy',
    key: 'deploy:shop/checkout@7',
    atMs,
    service: 'checkout',
    title: 'checkout 1.42.0 rolled out (revision 7)',
    source: 'Cluster',
    ...more,
  }) as ChangeEvent;

const read = change({
  labels: { version: '1.42.0', namespace: 'shop' },
  diff: [{ path: 'containers.checkout.image', before: 'r/checkout:1.41.0', after: 'r/checkout:1.42.0' }],
});
const told = change({
  key: 'deploy:event/abc',
  atMs: atMs + 90_000,
  title: 'checkout upgraded to 1.42.0 in production',
  detail: 'Artifact: pkg:oci/checkout@1.42.0\nTold by /ci (dev.cdevents.service.upgraded)',
  actor: 'mina',
  source: 'CI',
  labels: {
    event: 'dev.cdevents.service.upgraded',
    version: 'v1.42.0',
    environment: 'production',
    artifact: 'pkg:oci/checkout@1.42.0',
  },
});

/** The timeline as it stands after these deliveries. */
function standing(...deliveries: ChangeEvent[][]): Event[] {
  const held = new Map<string, Event>();
  for (const delivery of deliveries) {
    const { fresh, fuller } = joinTold([...held.values()], delivery);
    for (const event of fresh) expect(held.has(event.key)).toBe(false);
    for (const event of fuller) expect(held.has(event.key)).toBe(true);
    for (const event of [...fresh, ...fuller]) held.set(event.key, event);
  }
  return [...held.values()];
}

describe('a deploy that the cluster shows and a pipeline tells', () => {
  const whole = {
    atMs: read.atMs,
    title: read.title,
    source: read.source,
    diff: read.diff,
    actor: 'mina',
    detail: told.detail,
  };

  it('is one fact: what was read stands, what was told adds to it', () => {
    expect(standing([read], [told])).toEqual([
      {
        ...read,
        ...whole,
        labels: { ...read.labels, environment: 'production', artifact: 'pkg:oci/checkout@1.42.0' },
      },
    ]);
  });

  it('keeps the key it was first known by, so that nothing that cites it dangles', () => {
    const [one, ...others] = standing([told], [read]);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ ...whole, key: told.key, labels: { rollout: 'shop/checkout@7' } });
    expect(one?.labels?.['event']).toBeUndefined();
  });

  it('is one fact when the event names the revision, in either order and however late', () => {
    const numbered = { ...told, key: read.key, atMs: atMs + 3_600_000 };
    const expected = [expect.objectContaining({ ...whole, key: read.key })];
    expect(standing([read], [numbered])).toEqual(expected);
    expect(standing([numbered], [read])).toEqual(expected);
    expect(standing([numbered, read])).toEqual(expected);
  });

  it('keeps who did it as the cluster says it, and a cause beside what is told', () => {
    const signed = { ...read, actor: 'sam', detail: 'Change cause: release' };
    expect(standing([signed], [told])).toEqual([
      expect.objectContaining({ actor: 'sam', detail: `Change cause: release\n${told.detail}` }),
    ]);
  });

  it('is found by the digest of the image where the event knows no version', () => {
    const digest = `sha256:${'0b'.repeat(32)}`;
    const pinned = {
      ...read,
      diff: [{ path: 'containers.checkout.image', before: null, after: `r/checkout@${digest}` }],
    };
    const byDigest = {
      ...told,
      labels: { event: 'x', artifact: `pkg:oci/checkout@${digest.replace(':', '%3A')}` },
    };
    expect(standing([pinned], [byDigest])).toHaveLength(1);
    expect(standing([read], [byDigest])).toHaveLength(2);
  });
});

describe('two facts stay two', () => {
  const labels = (more: Record<string, string>) => ({ ...told.labels, ...more });
  it.each([
    ['of another service', { ...told, service: 'cart' }],
    ['of another version', { ...told, labels: labels({ version: '1.41.0', artifact: '' }) }],
    ['of no version', { ...told, labels: { event: 'x' } }],
    ['more than two minutes apart', { ...told, atMs: atMs + 120_001 }],
    ['of another namespace', { ...told, labels: labels({ namespace: 'shop-eu' }) }],
    ['of another revision', { ...told, key: 'deploy:shop/checkout@8' }],
    ['of another kind', { ...told, key: 'traffic:event/abc', change: 'traffic' as const }],
  ])('%s', (_, other) => {
    expect(standing([read], [other])).toEqual([read, other]);
    expect(standing([other], [read])).toHaveLength(2);
  });

  it('when the cluster shows both: a restart of the version that was just rolled out', () => {
    const restart = { ...read, key: 'deploy:shop/checkout@8', atMs: atMs + 60_000 };
    expect(standing([told], [read], [restart])).toHaveLength(2);
    expect(standing([read, restart], [told])).toHaveLength(2);
  });
});

it('two deploys that were both read stay two, though neither has a number', () => {
  const one = { ...read, key: 'deploy:shop/checkout.17ab' };
  const other = { ...one, key: 'deploy:shop/checkout.17cd' };
  expect(standing([one], [other])).toEqual([one, other]);
});

it('two pipelines that tell of one deploy tell it once', () => {
  const other = { ...told, key: 'deploy:event/def', source: 'Argo', atMs: atMs + 30_000 };
  expect(standing([told], [other])).toHaveLength(1);
});

it('a change of any kind is joined under the key that both know', () => {
  const key = 'config:shop/checkout-config.1';
  const shown = { ...read, key, change: 'config' as const, diff: undefined };
  const posted = { ...told, key, change: 'config' as const };
  const { diff: _, ...seen } = shown;
  expect(standing([seen], [posted])).toEqual([
    expect.objectContaining({ key, source: 'Cluster', actor: 'mina' }),
  ]);
});

it('nothing is published anew when it is delivered again', () => {
  for (const deliveries of [
    [read, told],
    [told, read],
  ]) {
    const held = standing(...deliveries.map((one) => [one]));
    expect(joinTold(held, deliveries)).toEqual({ fresh: [], fuller: [] });
    expect(joinTold(held, deliveries.toReversed())).toEqual({ fresh: [], fuller: [] });
  }
});

it('in whatever order and batches it comes, there is the same number of facts, with the same said of them', () => {
  const facts = [
    read,
    told,
    { ...told, key: 'deploy:shop/checkout@7' },
    { ...read, key: 'deploy:shop/cart@3', service: 'cart' },
    { ...told, key: 'deploy:event/cart', service: 'cart' },
    { ...told, key: 'deploy:event/alone', service: 'orders' },
  ];
  fc.assert(
    fc.property(fc.array(fc.shuffledSubarray(facts, { minLength: 0 }), { maxLength: 4 }), (deliveries) => {
      const all = standing(...deliveries, facts);
      expect(all).toHaveLength(3);
      for (const event of all) expect(event).toMatchObject({ kind: 'change', actor: 'mina' });
      expect(all.map(({ service }) => service).sort()).toEqual(['cart', 'checkout', 'orders']);
      expect(all.filter(({ source }) => source === 'Cluster')).toHaveLength(2);
    }),
  );
});

it('what is new stays in the order in which it arrived, whatever it is', () => {
  const signal = (key: string) =>
    Event.parse({
      ...{ incident: 'inc-1', kind: 'signal', sort: 'alert', severity: 'warning', key, atMs },
      ...{ service: 'checkout', title: 'Errors', source: 'Prometheus' },
    });
  const other = { ...read, key: 'deploy:shop/cart@3', service: 'cart' };
  const arrived = [signal('a'), read, signal('b'), other, told, signal('c')];
  expect(joinTold([], arrived).fresh.map(({ key }) => key)).toEqual(['a', read.key, 'b', other.key, 'c']);
});
