import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertBox } from '../../../../electron/connectors/receiver/alert-box.ts';
import { receivedOf } from '../../../../electron/connectors/receiver/cloud-events.ts';
import { inbox } from '../../../../electron/connectors/receiver/inbox.ts';
import { demandSenders } from '../../../../electron/host/receiver-connection.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const senders = ['one', 'two', 'three'].map((id) => ({ id, name: `Sender ${id}` }));
const [one, two] = senders as [{ id: string; name: string }, { id: string; name: string }];
const change = (id: string) =>
  receivedOf({
    id,
    source: '/ci',
    type: 'dev.countersign.change.v1',
    data: { change: 'config', title: `change ${id}`, service: 'checkout' },
  });
const alertOf = (fingerprint: string, startedMs: number) => ({
  ...{ fingerprint, name: fingerprint, severity: 'warning' as const, service: null, labels: {}, summary: '' },
  startedMs,
  raw: null,
});

describe('what one sender told', () => {
  it('is answered as if it were the only one, whatever the others send', () => {
    const sent = fc.array(fc.tuple(fc.constantFrom(...senders), fc.constantFrom('a', 'b', 'c', 'd')), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(sent, (requests) => {
        const shared = inbox({ source: 'CI', now: () => nowMs });
        const alone = new Map(senders.map(({ id }) => [id, inbox({ source: 'CI', now: () => nowMs })]));
        for (const [from, id] of requests)
          expect(shared.take([change(id)], from)).toEqual(alone.get(from.id)?.take([change(id)], from));
      }),
    );
  });

  it('fires as if it were the only one, and what several tell fires once', () => {
    const told = fc.array(
      fc.tuple(
        fc.constantFrom(...senders),
        fc.boolean(),
        fc.constantFrom('x', 'y'),
        fc.integer({ min: 1, max: 3 }),
      ),
      { maxLength: 40 },
    );
    return fc.assert(
      fc.asyncProperty(told, async (notices) => {
        const shared = alertBox();
        const alone = new Map(senders.map(({ id }) => [id, alertBox()]));
        for (const [from, firing, fingerprint, startedMs] of notices) {
          const notice = [{ firing, alert: alertOf(fingerprint, startedMs) }];
          expect(shared.take(notice, from)).toEqual(alone.get(from.id)?.take(notice, from));
        }
        const firingIn = async (box: ReturnType<typeof alertBox>) =>
          (await box.source(async () => {}).firing(AbortSignal.timeout(1_000))).map(
            (alert) => alert.fingerprint,
          );
        const all = await Promise.all([...alone.values()].map(firingIn));
        expect((await firingIn(shared)).toSorted()).toEqual([...new Set(all.flat())].toSorted());
      }),
    );
  });

  it('is not crowded out by one that sends more than is remembered', () => {
    const box = inbox({ source: 'CI', now: () => nowMs, mostEvents: 50, mostChanges: 20 });
    box.take([change('mine')], one);
    for (let index = 0; index < 200; index++) box.take([change(`flood ${index}`)], two);
    expect(box.within({ fromMs: 0, toMs: nowMs })).toHaveLength(20);
    expect(box.within({ fromMs: 0, toMs: nowMs }).some(({ title }) => title === 'change mine')).toBe(true);
    expect(box.take([change('mine')], one).receipt).toMatchObject({ repeated: 1 });
  });

  it('is refused where more would fire than can be kept, and nobody with less than a share is', () => {
    const box = alertBox({ most: 10 });
    const many = (count: number, prefix: string) =>
      Array.from({ length: count }, (_, index) => ({ firing: true, alert: alertOf(`${prefix}${index}`, 1) }));
    box.take(many(10, 'a'), one);
    expect(() => box.take(many(1, 'more'), one)).toThrow('More than 10 alerts fire already.');
    expect(box.take(many(5, 'b'), two)).toMatchObject({ accepted: 5 });
    expect(() => box.take(many(1, 'c'), two)).toThrow('More than 10 alerts fire already.');
    expect(box.count()).toBe(15);
  });
});

describe('senders of one receiver', () => {
  const place = { host: '127.0.0.1', port: 4_319, takes: ['events', 'github'] as const };
  const sender = (id: string, more: object = {}) => ({
    ...{ id, name: id, sends: ['events' as const], secret: `the-secret-of-${id}-alone` },
    ...more,
  });
  it.each<[string, object[], RegExp]>([
    ['a name that differs in case alone', [{ name: 'CI' }, { name: 'ci' }], /is there already/],
    ['a secret that another has', [{}, { secret: 'the-secret-of-0-alone' }], /that no other has/],
    [
      'a secret that another had before',
      [{ previous: { secret: 'the-old-secret-of-0', untilMs: 1 } }, { secret: 'the-old-secret-of-0' }],
      /that no other has/,
    ],
    ['a short secret', [{ secret: 'short' }], /at least 16 characters/],
    ['a secret with a space', [{ secret: 'two words of a secret' }], /without spaces/],
    ['a secret with a line break', [{ secret: 'a-secret-that-ends-in\n' }], /without spaces/],
    ['what is not taken here', [{ sends: ['argo-cd'] }], /not taken at this address/],
    ['more than there may be', Array.from({ length: 21 }, () => ({})), /20 are the most/],
  ])('cannot have %s, and no secret stands in the answer', (_, given, says) => {
    const all = given.map((more, index) => sender(String(index), more));
    expect(() => demandSenders(place, 'In', all)).toThrow(says);
    try {
      demandSenders(place, 'In', all);
    } catch (error) {
      for (const { secret } of all) expect(String(error)).not.toContain(secret);
    }
  });
  it('on a network needs longer secrets', () => {
    const onNetwork = { ...place, host: 'eth0' };
    expect(() => demandSenders(onNetwork, 'In', [sender('a')])).toThrow('at least 32 characters');
    expect(() => demandSenders(onNetwork, 'In', [sender('a', { secret: 'x'.repeat(32) })])).not.toThrow();
  });
});
