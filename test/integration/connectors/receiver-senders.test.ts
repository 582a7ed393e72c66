import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivered } from '../../../electron/connectors/delivered.ts';
import { type ReceiverOptions, receiver } from '../../../electron/connectors/receiver/receiver.ts';
import type { SenderKey } from '../../../electron/connectors/receiver/sender-book.ts';
import { ReceivedKind } from '../../../shared/vocabulary/receiver-place.ts';
import { MOST_SENDERS } from '../../../shared/vocabulary/receiver-sender.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const ci: SenderKey = { id: 'ci', name: 'CI', sends: ['events'], secret: 'secret-of-the-pipelines' };
const github: SenderKey = { id: 'gh', name: 'GitHub', sends: ['github'], secret: 'secret-of-the-github' };
const argo: SenderKey = { id: 'argo', name: 'Argo CD', sends: ['argo-cd'], secret: 'secret-of-the-argo-cd' };
const alerts: SenderKey = {
  ...{ id: 'am', name: 'Alertmanager EU', sends: ['alertmanager'], secret: 'secret-of-the-alertmanager' },
};

async function open(
  senders: readonly SenderKey[] = [ci, github, argo, alerts],
  options: Partial<ReceiverOptions> = {},
) {
  const heard: Delivered[] = [];
  const place = { host: '127.0.0.1', port: 0, takes: ReceivedKind.options };
  const connector = receiver({ id: 'in', name: 'In', place, senders, ...options });
  stops.push(() => connector.close());
  stops.push(
    connector.changes.stream({ onObservations: (more) => void heard.push(...more), onState: () => {} }),
  );
  const { urls } = await connector.open();
  const at = (kind: ReceivedKind) => urls.find((url) => url.endsWith(`/${kind}`)) ?? '';
  const firing = async () => (await connector.alerts?.firing(AbortSignal.timeout(1_000))) ?? [];
  const about = (id: string) => connector.senders.report().senders.find((one) => one.id === id);
  return { connector, heard, at, firing, about };
}

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const signed = (body: string, secret: string) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});
const event = (id: string, title = `change ${id}`) =>
  JSON.stringify({
    specversion: '1.0',
    id,
    source: '/ci',
    type: 'dev.countersign.change.v1',
    data: { change: 'config', title, service: 'checkout' },
  });
const pushed = (after: string) =>
  JSON.stringify({
    repository: { name: 'checkout', full_name: 'shop/checkout', default_branch: 'main' },
    ref: 'refs/heads/main',
    after,
    commits: [{ message: 'Smaller cache' }],
    head_commit: { message: 'Smaller cache', timestamp: new Date().toISOString() },
  });
const notice = (status: 'firing' | 'resolved', startsAt: string) =>
  JSON.stringify({
    version: '4',
    groupLabels: {},
    alerts: [{ status, labels: { alertname: 'HighErrorRate' }, annotations: {}, startsAt }],
  });

async function post(url: string, body: string, headers: Record<string, string>) {
  const type = url.endsWith('/events') ? 'application/cloudevents+json' : 'application/json';
  const reply = await fetch(url, { method: 'POST', body, headers: { 'content-type': type, ...headers } });
  return { status: reply.status, said: await reply.text() };
}

describe('a sender', () => {
  it('is known by its secret, and stands on each fact that comes from it', async () => {
    const { at, heard, firing, about } = await open();
    const push = pushed('a'.repeat(40));
    expect((await post(at('events'), event('1'), bearer(ci.secret))).status).toBe(202);
    expect((await post(at('github'), push, signed(push, github.secret))).status).toBe(202);
    const startsAt = new Date().toISOString();
    expect((await post(at('alertmanager'), notice('firing', startsAt), bearer(alerts.secret))).status).toBe(
      202,
    );
    expect(
      heard.map((fact) => [fact.source, fact.labels?.['sender'], fact.detail?.includes('Sent by “')]),
    ).toEqual([
      ['In', 'CI', true],
      ['In', 'GitHub', true],
    ]);
    expect(await firing()).toMatchObject([{ sender: 'Alertmanager EU' }]);
    for (const { id } of [ci, github, alerts])
      expect(about(id)).toMatchObject({ taken: 1, refused: 0, lastMs: expect.any(Number) });
    expect(about(argo.id)).toMatchObject({ taken: 0, lastMs: null });
  });

  it('opens its own addresses alone, whichever way it shows its secret', async () => {
    const { connector, at, heard, firing, about } = await open();
    for (const sender of [ci, github, argo, alerts])
      for (const kind of ReceivedKind.options) {
        if (sender.sends.includes(kind)) continue;
        const body = kind === 'github' ? pushed('b'.repeat(40)) : event('x');
        const headers = { ...bearer(sender.secret), ...signed(body, sender.secret) };
        const reply = await post(at(kind), body, headers);
        expect([reply.status, reply.said]).toEqual([
          403,
          `{"error":"This sender may post to /${sender.sends.join()} and nowhere else."}\n`,
        ]);
      }
    expect(heard).toEqual([]);
    expect(await firing()).toEqual([]);
    for (const { id } of [ci, github, argo, alerts])
      expect(about(id)).toMatchObject({
        taken: 0,
        refused: 3,
        lastRefused: { sentence: expect.stringContaining('nowhere else') },
      });
    expect(connector.health?.().sentence).toMatch(
      /^What “CI” sent at \d\d:\d\d UTC was refused: This sender /,
    );
    expect((await post(at('events'), event('1'), bearer(ci.secret))).status).toBe(202);
    expect(connector.health?.().sentence).not.toContain('CI');
  });

  it('cannot be claimed by tricks with headers', async () => {
    const { at, heard, about } = await open();
    const push = pushed('c'.repeat(40));
    const refused: [ReceivedKind, string, Record<string, string>][] = [
      // The token of the one and the signature of none.
      ['github', push, { ...bearer(github.secret) }],
      ['github', push, signed(`${push} `, github.secret)],
      [
        'github',
        push,
        { 'x-hub-signature-256': signed(push, github.secret)['x-hub-signature-256'].toUpperCase() },
      ],
      ['github', push, { 'x-hub-signature': signed(push, github.secret)['x-hub-signature-256'] }],
      ['events', event('1'), signed(event('1'), ci.secret)],
      ['events', event('1'), { authorization: `Bearer ${github.secret}, Bearer ${ci.secret}` }],
      ['events', event('1'), { authorization: `Bearer ${ci.secret} ${ci.secret}` }],
      ['events', event('1'), { authorization: ci.secret }],
      ['events', event('1'), { 'x-authorization': `Bearer ${ci.secret}`, 'x-sender': 'CI' }],
      ['events', event('1'), { 'proxy-authorization': `Bearer ${ci.secret}` }],
      ['events', event('1'), { cookie: `token=${ci.secret}` }],
      ['events', event('1'), { authorization: 'Bearer ' }],
    ];
    for (const [kind, body, headers] of refused)
      expect((await post(at(kind), body, headers)).status, JSON.stringify(headers)).toBe(401);
    // A secret in the address is no secret that was shown.
    expect((await post(`${at('events')}?access_token=${ci.secret}`, event('1'), {})).status).toBe(401);
    expect(heard).toEqual([]);
    expect(about(ci.id)).toMatchObject({ taken: 0, refused: 0 });
  });

  it('is not taken from two headers of which the first is somebody else', async () => {
    const { at, heard } = await open();
    const body = event('1');
    const lines = (first: string, second: string) =>
      [
        'POST /events HTTP/1.1',
        'host: x',
        `authorization: Bearer ${first}`,
        `authorization: Bearer ${second}`,
        'content-type: application/cloudevents+json',
        `content-length: ${body.length}`,
        'connection: close',
        '',
        body,
      ].join('\r\n');
    for (const [first, second] of [
      [ci.secret, github.secret],
      [github.secret, ci.secret],
      [ci.secret, ci.secret],
    ] as const) {
      const said = await new Promise<string>((resolve) => {
        const socket = connect(Number(new URL(at('events')).port), '127.0.0.1', () =>
          socket.write(lines(first, second)),
        );
        let text = '';
        socket.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        socket.on('error', () => {});
        socket.on('close', () => resolve(text));
      });
      expect(said).toMatch(/^HTTP\/1.1 40[01] /);
    }
    expect(heard).toEqual([]);
  });

  it('cannot make what another sends look repeated, nor take its place', async () => {
    const other: SenderKey = { ...ci, id: 'other', name: 'Other', secret: 'secret-of-another-pipeline' };
    const { at, heard } = await open([ci, other]);
    expect((await post(at('events'), event('same', 'from the other'), bearer(other.secret))).status).toBe(
      202,
    );
    const mine = await post(at('events'), event('same', 'from CI'), bearer(ci.secret));
    expect(JSON.parse(mine.said)).toEqual({ accepted: 1, repeated: 0, ignored: 0 });
    expect(heard.map(({ title }) => title)).toEqual(['from the other', 'from CI']);
    expect(new Set(heard.map(({ key }) => key)).size).toBe(2);
    const again = await post(at('events'), event('same', 'from CI'), bearer(ci.secret));
    expect(JSON.parse(again.said)).toEqual({ accepted: 0, repeated: 1, ignored: 0 });
  });

  it('cannot end the alert of another; one that both tell fires until both say that it is over', async () => {
    const twin: SenderKey = {
      ...alerts,
      id: 'us',
      name: 'Alertmanager US',
      secret: 'secret-of-the-other-one',
    };
    const { at, firing, connector } = await open([alerts, twin]);
    const startsAt = new Date(Date.now() - 60_000).toISOString();
    const tell = (by: SenderKey, status: 'firing' | 'resolved') =>
      post(at('alertmanager'), notice(status, startsAt), bearer(by.secret));
    await tell(alerts, 'firing');
    await tell(twin, 'resolved');
    expect(await firing()).toHaveLength(1);
    await tell(twin, 'firing');
    // Not news to the twin: it has said that it is over.
    await tell(alerts, 'resolved');
    expect(await firing()).toEqual([]);
    const later = new Date().toISOString();
    for (const by of [alerts, twin])
      await post(at('alertmanager'), notice('firing', later), bearer(by.secret));
    expect(await firing()).toHaveLength(1);
    await post(at('alertmanager'), notice('resolved', later), bearer(alerts.secret));
    expect(await firing()).toHaveLength(1);
    // Whoever may not send any more ends nothing by that, and the one that still may does.
    connector.senders.remove(twin.id);
    expect(await firing()).toHaveLength(1);
    await post(at('alertmanager'), notice('resolved', later), bearer(alerts.secret));
    expect(await firing()).toEqual([]);
  });

  it('that floods is held back, and the others are not', async () => {
    const other: SenderKey = { ...ci, id: 'other', name: 'Other', secret: 'secret-of-another-pipeline' };
    const { at, about } = await open([ci, other, github], { limits: { burst: 20, perSecond: 1 } });
    const flood = await Promise.all(
      Array.from({ length: 60 }, (_, index) => post(at('events'), event(`f${index}`), bearer(other.secret))),
    );
    expect(flood.filter(({ status }) => status === 429).length).toBeGreaterThan(30);
    // Nor by signatures that nobody made.
    const push = pushed('d'.repeat(40));
    await Promise.all(Array.from({ length: 60 }, () => post(at('github'), push, signed(push, 'guess'))));
    expect((await post(at('events'), event('1'), bearer(ci.secret))).status).toBe(202);
    expect(about(ci.id)).toMatchObject({ taken: 1, refused: 0 });
    expect(about(other.id)).toMatchObject({ lastRefused: { sentence: expect.stringContaining('Too many') } });
  });
});

describe('the secret of a sender', () => {
  it('that is revoked opens nothing from then on, and disturbs no other', async () => {
    const { connector, at, heard } = await open();
    expect((await post(at('events'), event('1'), bearer(ci.secret))).status).toBe(202);
    connector.senders.remove(ci.id);
    expect((await post(at('events'), event('2'), bearer(ci.secret))).status).toBe(401);
    const sync = { format: 'countersign.argo-cd/1' };
    // Refused for what it says and not for who says it.
    expect((await post(at('argo-cd'), JSON.stringify(sync), bearer(argo.secret))).status).toBe(400);
    expect(heard).toHaveLength(1);
    const held = await connector.changes.backfill(
      { fromMs: 0, toMs: Date.now() },
      AbortSignal.timeout(1_000),
    );
    expect(held).toHaveLength(1);
    expect(connector.senders.report()).toMatchObject({ strangers: { refused: 1 } });
  });

  it('that is revoked while a body is on its way does not let it in', async () => {
    const { connector, at, heard } = await open();
    const body = event('slow');
    const said = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(at('events')).port), '127.0.0.1', () => {
        socket.write(
          `POST /events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ci.secret}\r\ncontent-type: application/cloudevents+json\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n`,
        );
      });
      let text = '';
      socket.setEncoding('utf8').on('data', (part: string) => {
        const isFirst = text === '';
        text += part;
        // The server has let it go on; half of the body is under way when the sender is revoked.
        if (!isFirst) return;
        socket.write(body.slice(0, 20), () => {
          connector.senders.remove(ci.id);
          socket.write(body.slice(20));
        });
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(text));
    });
    expect(said).toMatch(/^HTTP\/1.1 100 [\s\S]*HTTP\/1.1 401 /);
    expect(heard).toEqual([]);
  });

  it('is good beside its successor for as long as is said, and it is told that it is still in use', async () => {
    let nowMs = Date.now();
    const { connector, at, about } = await open([ci, github], { machineMs: () => nowMs });
    const next: SenderKey = {
      ...ci,
      secret: 'another-secret-of-the-pipelines',
      previous: { secret: ci.secret, untilMs: nowMs + 3_600_000 },
    };
    connector.senders.put(next);
    expect((await post(at('events'), event('1'), bearer(next.secret))).status).toBe(202);
    expect(about(ci.id)?.lastByPreviousMs).toBeNull();
    expect((await post(at('events'), event('2'), bearer(ci.secret))).status).toBe(202);
    expect(about(ci.id)?.lastByPreviousMs).toBe(nowMs);
    nowMs += 3_600_000;
    expect((await post(at('events'), event('3'), bearer(ci.secret))).status).toBe(401);
    // A clock that is put back brings no secret back.
    nowMs -= 3_600_000;
    expect((await post(at('events'), event('4'), bearer(ci.secret))).status).toBe(401);
    expect((await post(at('events'), event('5'), bearer(next.secret))).status).toBe(202);
    expect(about(ci.id)?.taken).toBe(3);
  });

  it('ends at once where no overlap is wanted', async () => {
    const { connector, at } = await open([ci]);
    connector.senders.put({ ...ci, secret: 'another-secret-of-the-pipelines' });
    expect((await post(at('events'), event('1'), bearer(ci.secret))).status).toBe(401);
    expect((await post(at('events'), event('2'), bearer('another-secret-of-the-pipelines'))).status).toBe(
      202,
    );
  });

  it('tells of many senders which one it is, by token and by signature', async () => {
    const many = Array.from(
      { length: MOST_SENDERS },
      (_, index): SenderKey => ({
        ...{ id: `s${index}`, name: `Sender ${index}`, sends: ['events', 'github'] },
        secret: `secret-number-${index}-of-many`,
        previous: { secret: `old-secret-number-${index}`, untilMs: Date.now() + 60_000 },
      }),
    );
    const { at, heard } = await open(many);
    for (const [index, { secret, previous }] of many.entries()) {
      const push = pushed(String(index).padStart(40, '0'));
      expect((await post(at('events'), event(`e${index}`), bearer(secret))).status).toBe(202);
      expect((await post(at('github'), push, signed(push, previous?.secret ?? ''))).status).toBe(202);
    }
    expect(heard.map(({ labels }) => labels?.['sender'])).toEqual(many.flatMap(({ name }) => [name, name]));
  });

  it('of nobody is refused by a receiver without senders', async () => {
    const { at, connector } = await open([]);
    for (const secret of ['', 'undefined', 'null'])
      expect((await post(at('events'), event('1'), bearer(secret))).status).toBe(401);
    expect((await post(at('github'), '{}', signed('{}', ''))).status).toBe(401);
    expect(connector.senders.report()).toMatchObject({ senders: [], strangers: { refused: 4 } });
  });
});
