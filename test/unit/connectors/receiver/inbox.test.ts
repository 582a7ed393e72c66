import { describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../../../electron/connectors/receiver/cloud-event.ts';
import { receivedOf } from '../../../../electron/connectors/receiver/cloud-events.ts';
import { inbox } from '../../../../electron/connectors/receiver/inbox.ts';
import type { ChangeObservation } from '../../../../shared/vocabulary/event.ts';
import { Observation } from '../../../../shared/vocabulary/event.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const time = '2026-03-01T11:58:00Z';

/** The example of the specification (conformance/service_upgraded.json of 0.4), with a time of today. */
const subject = {
  id: 'mySubject123',
  source: '/event/source/123',
  type: 'service',
  content: {
    environment: { id: 'test123' },
    artifactId: 'pkg:oci/myapp@sha256%3A0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa151f221d1e8de6817db93427',
  },
};
const cdEvent = (type: string, data: object = {}, more: Partial<CloudEvent> = {}): CloudEvent => ({
  id: '271069a8-fc18-44f1-b38f-9d70a1695819',
  source: '/event/source/123',
  type: `dev.cdevents.${type}`,
  time,
  data: { context: { version: '0.4.0', timestamp: time }, subject, ...data },
  ...more,
});
const own = (data: object, more: Partial<CloudEvent> = {}): CloudEvent => ({
  id: 'c1',
  source: '/config',
  type: 'dev.countersign.change.v1',
  time,
  data,
  ...more,
});

function open(limits: { mostEvents?: number; mostChanges?: number } = {}) {
  const box = inbox({ source: 'CI', now: () => nowMs, ...limits });
  return { ...box, take: (events: readonly CloudEvent[]) => box.take(events.map(receivedOf)) };
}

function changeIn(event: CloudEvent): ChangeObservation {
  const [change] = open().take([event]).fresh;
  if (!change) throw new Error('no change was read');
  const { raw, ...observation } = change;
  expect(JSON.parse(raw ?? '')).toMatchObject({ id: event.id, source: event.source });
  // What a connector delivers must fit the timeline's own schema.
  Observation.parse(observation);
  return observation;
}

describe('a CDEvent', () => {
  it('of the specification becomes a deploy, dated and with its artifact and environment', () => {
    expect(changeIn(cdEvent('service.deployed.0.2.0'))).toEqual({
      key: expect.stringMatching(/^deploy:event\/[0-9a-f]{24}$/),
      kind: 'change',
      change: 'deploy',
      atMs: Date.parse(time),
      service: 'mySubject123',
      title: 'mySubject123 deployed to test123',
      detail: `Artifact: ${subject.content.artifactId}\nTold by /event/source/123 (dev.cdevents.service.deployed.0.2.0)`,
      source: 'CI',
      labels: {
        event: 'dev.cdevents.service.deployed.0.2.0',
        environment: 'test123',
        artifact: subject.content.artifactId,
      },
    });
  });

  it.each([
    ['service.deployed', 'deploy', 'checkout 1.42.0 deployed to production'],
    ['service.upgraded.0.3.0-draft', 'deploy', 'checkout upgraded to 1.42.0 in production'],
    ['service.rolledback.0.2.0', 'deploy', 'checkout rolled back to 1.42.0 in production'],
    ['service.removed.0.2.0', 'deploy', 'checkout removed from production'],
    ['service.published.0.2.0', 'traffic', 'checkout published in production'],
  ])('%s is a change of the kind %s', (type, change, title) => {
    const content = {
      environment: { id: 'prod', name: 'production' },
      artifactId: 'pkg:oci/checkout@1.42.0',
    };
    const read = changeIn(cdEvent(type, { subject: { id: 'service/checkout', content } }));
    expect(read).toMatchObject({ change, title, service: 'checkout' });
  });

  it.each([
    ['environment.modified.0.2.0', 'infrastructure', 'Environment testEnv modified'],
    ['change.merged.0.2.0', 'config', 'Change mySubject123 merged in TestRepo/TestOrg'],
  ])('%s is a change of the kind %s, of no one service', (type, change, title) => {
    const content = { name: 'testEnv', repository: { id: 'TestRepo/TestOrg' } };
    expect(changeIn(cdEvent(type, { subject: { id: 'mySubject123', content } }))).toMatchObject({
      change,
      title,
      service: null,
    });
  });

  it.each([
    'incident.detected.0.2.0',
    'change.reviewed.0.2.0',
    'build.finished.0.2.0',
    'service.constructor',
    'service.deployed.evil',
    'service',
  ])('%s is taken and ignored', (type) => {
    expect(open().take([cdEvent(type)])).toEqual({
      receipt: { accepted: 0, repeated: 0, ignored: 1 },
      fresh: [],
    });
  });

  it('that says namespace and revision has the key under which the cluster reports the rollout', () => {
    const customData = { namespace: 'shop', name: 'checkout', revision: '42', actor: 'mina' };
    expect(changeIn(cdEvent('service.upgraded', { customData }))).toMatchObject({
      key: 'deploy:shop/checkout@42',
      actor: 'mina',
      labels: { namespace: 'shop' },
    });
  });

  it.each([
    [{ namespace: 'shop', revision: 3.5 }],
    [{ namespace: 'shop', revision: true }],
    [{ namespace: 'Shop/../x', name: 'checkout', revision: 3 }],
    ['text'],
    [['shop', 3]],
    [{ namespace: { toString: 'x' }, revision: { valueOf: 1 } }],
  ])('with custom data of another meaning, %j, is read without it', (customData) => {
    expect(changeIn(cdEvent('service.upgraded', { customData })).key).toMatch(/^deploy:event\//);
  });

  it('takes the version from the tag where the artifact is named by its digest', () => {
    const artifactId = 'pkg:oci/checkout@sha256%3Aaa?repository_url=r.example%2Fcheckout&tag=1.42.0';
    const read = changeIn(
      cdEvent('service.deployed', { subject: { id: 'checkout', content: { artifactId } } }),
    );
    expect(read.labels?.['version']).toBe('1.42.0');
  });

  it.each([
    [{ subject: { id: '' } }, 'data.subject.id: '],
    [{ subject: { id: 'a', content: { environment: 'prod' } } }, 'data.subject.content.environment: '],
    [{ subject: undefined }, 'data.subject: '],
    [{ context: { timestamp: 'yesterday' } }, 'data.context.timestamp: '],
  ])('that does not hold, %j, is refused by the member', (data, beginning) => {
    expect(() => open().take([cdEvent('service.deployed', data)])).toThrow(beginning);
  });
});

describe("an event of Countersign's own type", () => {
  it('tells any kind of change, with what was before and after', () => {
    const read = changeIn(
      own({
        change: 'config',
        service: 'checkout',
        title: 'Cache of the checkout resized',
        actor: 'mina',
        object: 'ConfigMap/checkout-config',
        field: 'CACHE_SIZE',
        before: 512,
        after: 64,
        url: 'https://ci.example/run/7',
      }),
    );
    expect(read).toMatchObject({
      change: 'config',
      service: 'checkout',
      actor: 'mina',
      diff: [{ path: 'CACHE_SIZE', before: '512', after: '64' }],
      labels: { object: 'ConfigMap/checkout-config' },
    });
    expect(read.detail).toContain('Link: https://ci.example/run/7');
  });

  it('keeps secrets, scripts in links and lines in titles out', () => {
    const read = changeIn(
      own({
        change: 'config',
        title: 'one\r\nX-Injected: two',
        field: 'DB_PASSWORD',
        before: 'hunter2',
        after: null,
        url: 'javascript:alert(1)',
      }),
    );
    expect(read.title).toBe('one X-Injected: two');
    expect(read.diff).toEqual([{ path: 'DB_PASSWORD', before: '(hidden)', after: null }]);
    expect(JSON.stringify(read)).not.toMatch(/javascript|hunter2/);
  });

  it('may name the key under which another system reports it, of its own kind alone', () => {
    const told = { change: 'flag', title: 'flipped', service: 'cart' };
    expect(changeIn(own({ ...told, key: 'flag:shop/cart.new.1' })).key).toBe('flag:shop/cart.new.1');
    expect(() => open().take([own({ ...told, key: 'record:decision:1' })])).toThrow('data.key: ');
  });

  it.each([
    [{ change: 'reboot', title: 'x' }, 'data.change: '],
    [{ change: 'config', title: '' }, 'data.title: '],
    [{ change: 'config', title: 'x', before: { a: 1 } }, 'data.before: '],
    [{ change: 'config', title: 'x', object: '../etc' }, 'data.object: '],
    [undefined, 'data: '],
  ])('that does not hold, %j, is refused by the member', (data, beginning) => {
    expect(() => open().take([own(data as object)])).toThrow(beginning);
  });
});

describe('the time of a change', () => {
  const at = (context: object, more: Partial<CloudEvent>) => {
    const { atMs, labels } = changeIn(cdEvent('service.deployed', { context }, more));
    return [new Date(atMs).toISOString().slice(11, 19), labels?.['time']];
  };

  it("is the event's own, then the envelope's, then that of its arrival, which is marked", () => {
    expect(at({ timestamp: '2026-03-01T11:00:00+00:00' }, {})).toEqual(['11:00:00', undefined]);
    expect(at({}, {})).toEqual(['11:58:00', undefined]);
    const { time: _, ...undated } = cdEvent('service.deployed', { context: {} });
    expect(open().take([undated]).fresh[0]).toMatchObject({ atMs: nowMs, labels: { time: 'received' } });
  });

  it('is never in the future: a clock may be a little ahead, more is marked', () => {
    expect(at({}, { time: '2026-03-01T12:00:30Z' })).toEqual(['12:00:00', undefined]);
    expect(at({}, { time: '2026-03-01T19:00:00Z' })).toEqual(['12:00:00', 'ahead']);
  });

  it('may lie hours back, which is marked; what lies a day back matters to nobody', () => {
    expect(at({}, { time: '2026-03-01T05:00:00Z' })).toEqual(['05:00:00', 'late']);
    const old = cdEvent('service.deployed', { context: {} }, { time: '2023-03-20T14:27:05.315384Z' });
    expect(open().take([old]).receipt).toEqual({ accepted: 0, repeated: 0, ignored: 1 });
  });
});

describe('an event that comes again', () => {
  it('is known by source and id together, in whatever batch', () => {
    const box = open();
    const one = cdEvent('service.deployed');
    expect(box.take([one, one]).receipt).toEqual({ accepted: 1, repeated: 1, ignored: 0 });
    expect(box.take([{ ...one, type: 'dev.cdevents.service.upgraded' }]).fresh).toEqual([]);
    expect(box.take([{ ...one, source: '/another' }]).receipt.accepted).toBe(1);
    expect(box.take([{ ...one, id: 'another' }]).receipt.accepted).toBe(1);
    // Joined as text, these two would be the same.
    expect(
      box.take([
        { ...one, source: 'a', id: 'bc' },
        { ...one, source: 'ab', id: 'c' },
      ]).receipt.accepted,
    ).toBe(2);
    expect(box.totals()).toEqual({ accepted: 5, repeated: 2, ignored: 0 });
  });

  it('is not known when it was refused with others: a batch is taken whole or not at all', () => {
    const box = open();
    const good = cdEvent('service.deployed');
    expect(() => box.take([good, own({})])).toThrow('data.change: ');
    expect(box.take([good]).receipt.accepted).toBe(1);
  });

  it('is forgotten after many others, and so is its change; what keeps coming is not', () => {
    const box = open({ mostEvents: 3, mostChanges: 2 });
    const nth = (n: number) => cdEvent('service.deployed', {}, { id: `n${n}` });
    box.take([nth(1), nth(2), nth(3)]);
    expect(box.take([nth(1)]).receipt.repeated).toBe(1);
    box.take([nth(4)]);
    expect(box.take([nth(1)]).receipt.repeated).toBe(1);
    expect(box.take([nth(2)]).receipt.accepted).toBe(1);
    expect(box.within({ fromMs: 0, toMs: nowMs })).toHaveLength(2);
  });
});

it('gives what lies in a window, in order of time, whatever the order it came in', () => {
  const box = open();
  const at = (id: string, minute: number) =>
    cdEvent('service.deployed', { context: {} }, { id, time: `2026-03-01T11:${minute}:00Z` });
  box.take([at('c', 50), at('a', 10), at('b', 30)]);
  const found = box.within({
    fromMs: Date.parse('2026-03-01T11:10:00Z'),
    toMs: Date.parse('2026-03-01T11:49:59Z'),
  });
  expect(found.map(({ atMs }) => new Date(atMs).getUTCMinutes())).toEqual([10, 30]);
});

it('holds what was sent of the newest changes alone, once it is much, and all the changes', () => {
  const box = inbox({ source: 'CI', now: () => nowMs });
  for (let n = 0; n < 100; n++) {
    const event = cdEvent('service.deployed', { context: {} }, { id: `n${n}`, time });
    box.take([{ ...receivedOf(event), raw: 'x'.repeat(262_144) }]);
  }
  const held = box.within({ fromMs: 0, toMs: nowMs });
  expect(held).toHaveLength(100);
  expect(held.filter(({ raw }) => raw !== null)).toHaveLength(32);
});
