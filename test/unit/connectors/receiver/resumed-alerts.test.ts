import { describe, expect, it } from 'vitest';
import { alertBox } from '../../../../electron/connectors/receiver/alert-box.ts';
import { alertsIn } from '../../../../electron/connectors/receiver/alertmanager-webhook.ts';
import type { Alert } from '../../../../electron/connectors/source.ts';

const alert = (fingerprint: string, startedMs = 1_000): Alert => ({
  fingerprint,
  name: fingerprint,
  severity: 'critical',
  service: null,
  labels: {},
  summary: fingerprint,
  startedMs,
  raw: null,
});
const sender = { id: 'manager', name: 'Manager' };

function box(most?: number) {
  const held = alertBox(most === undefined ? {} : { most });
  const source = held.source(async () => {});
  const names = async () => (await source.firing(AbortSignal.timeout(1_000))).map(({ name }) => name);
  const tell = (firing: boolean, one: Alert) => held.take([{ firing, alert: one }], sender);
  return { resume: (alerts: Alert[]) => source.resume?.(alerts), names, tell };
}

it('what fired when Countersign was closed goes on until it is told to be over, by a notice that counts', async () => {
  const { resume, names, tell } = box();
  resume([alert('a'), alert('b')]);
  expect(await names()).toEqual(['a', 'b']);
  expect(tell(false, alert('a'))).toMatchObject({ accepted: 1 });
  expect(await names()).toEqual(['b']);
  tell(true, alert('b'));
  tell(false, alert('b'));
  expect(await names()).toEqual([]);
});

it('what was told since it was started is known better', async () => {
  const { resume, names, tell } = box();
  tell(false, alert('a'));
  tell(true, alert('b', 5_000));
  resume([alert('a'), alert('b')]);
  expect(await names()).toEqual(['b']);
  tell(false, alert('b', 5_000));
  expect(await names()).toEqual([]);
});

it('no more goes on than can be kept', async () => {
  const { resume, names } = box(2);
  resume([alert('a'), alert('b'), alert('c')]);
  expect(await names()).toEqual(['a', 'b']);
});

describe('when an alert ended', () => {
  const started = Date.parse('2026-03-01T12:00:00Z');
  const sent = (status: string, times: object) => ({
    body: Buffer.from(
      JSON.stringify({
        version: '4',
        groupLabels: {},
        alerts: [{ status, labels: { alertname: 'A' }, annotations: {}, ...times }],
      }),
    ),
  });
  const startsAt = '2026-03-01T12:00:00Z';

  function told(status: string, times: object) {
    const held = alertBox();
    held.take(alertsIn(sent('firing', { startsAt })), sender);
    held.take(alertsIn(sent(status, { startsAt, ...times })), sender);
    const [notice] = alertsIn(sent('firing', { startsAt }));
    return notice === undefined ? null : (held.source(async () => {}).endedAt?.(notice.alert) ?? null);
  }

  it.each([
    ['is what its notice says', 'resolved', { endsAt: '2026-03-01T12:03:20Z' }, started + 200_000],
    ['is unknown where the notice has none', 'resolved', {}, null],
    ['is unknown where the notice has none yet', 'resolved', { endsAt: '0001-01-01T00:00:00Z' }, null],
    ['is unknown where it lies before its start', 'resolved', { endsAt: '2026-03-01T11:59:59Z' }, null],
    ['is unknown where it is no time', 'resolved', { endsAt: 'soon' }, null],
    ['is not what is guessed of one that fires', 'firing', { endsAt: '2026-03-01T12:03:20Z' }, null],
  ])('%s', (_case, status, times, expected) => expect(told(status, times)).toBe(expected));

  it('is that of each time that it fired, however soon it fires again', () => {
    const held = alertBox();
    const fires = (at: number, endedMs?: number) =>
      held.take(
        [{ firing: endedMs === undefined, alert: alert('a', at), ...(endedMs ? { endedMs } : {}) }],
        sender,
      );
    fires(1_000);
    fires(1_000, 2_000);
    fires(3_000);
    fires(3_000, 4_000);
    // Told a second time, and otherwise: it is over already.
    fires(3_000, 9_000);
    const { endedAt } = held.source(async () => {});
    expect([1_000, 3_000].map((at) => endedAt?.(alert('a', at)))).toEqual([2_000, 4_000]);
  });
});
