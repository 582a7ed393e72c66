import { expect, it } from 'vitest';
import { alertBox } from '../../../../electron/connectors/receiver/alert-box.ts';
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
