import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertmanager } from '../../../electron/connectors/alertmanager/alertmanager.ts';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import type { Alert, Connector } from '../../../electron/connectors/source.ts';
import type { SteppedClock } from '../../../electron/platform/clock.ts';
import type { Sandbox } from '../../../electron/sandbox/sandbox.ts';
import { steppedSandbox } from '../../fixtures/open-sandbox.ts';

const calm = () => new AbortController().signal;

let time: SteppedClock;
let sandbox: Sandbox;
let connector: Connector;

beforeAll(async () => {
  ({ sandbox, time } = await steppedSandbox(7));
  connector = alertmanager({
    id: 'drill-alertmanager',
    name: 'Drill Alertmanager',
    url: sandbox.alertmanager.url,
    authorization: `Bearer ${sandbox.alertmanager.token}`,
  });
});
afterAll(() => sandbox.close());

const firing = async () => (await connector.alerts?.firing(calm())) ?? [];
const byName = (alerts: readonly Alert[]) => alerts.map(({ name, service }) => `${name} ${service}`).sort();

async function silence(service: string, endsMs: number): Promise<Response> {
  return fetch(`${sandbox.alertmanager.url}/api/v2/silences`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${sandbox.alertmanager.token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      matchers: [{ name: 'service', value: service, isRegex: false }],
      startsAt: new Date(time.clock.now()).toISOString(),
      endsAt: new Date(endsMs).toISOString(),
      createdBy: 'a.novak',
      comment: 'known',
    }),
  });
}

it('finds the alerts that Prometheus says fire, with their service, their start and their query', async () => {
  const alerts = await firing();
  const asked = prometheus({
    id: 'p',
    name: 'p',
    url: sandbox.prometheus.url,
    authorization: `Bearer ${sandbox.prometheus.token}`,
  });
  const known = (await asked.alerts?.firing(calm())) ?? [];
  expect(alerts.length).toBeGreaterThan(0);
  expect(byName(alerts)).toEqual(byName(known));
  for (const alert of alerts) {
    expect(alert.summary).not.toContain('{{');
    expect(alert.startedMs).toBeLessThanOrEqual(time.clock.now());
    expect(alert.query?.threshold).toEqual(expect.any(Number));
  }
});

it('says which Alertmanager it is and what it sees', async () => {
  expect(await connector.test(calm())).toMatchObject({ ok: true, version: '0.25.0' });
});

it('sees no alert that is silenced, until the silence is over', async () => {
  const [alert] = await firing();
  const service = alert?.service ?? '';
  expect((await silence(service, time.clock.now() + 120_000)).status).toBe(200);
  expect((await firing()).filter((one) => one.service === service)).toEqual([]);
  await time.advance(121_000);
  expect((await firing()).filter((one) => one.service === service)).not.toEqual([]);
});

it('is refused with the wrong token', async () => {
  const wrong = alertmanager({
    id: 'x',
    name: 'x',
    url: sandbox.alertmanager.url,
    authorization: `Bearer ${sandbox.prometheus.token}`,
  });
  expect(await wrong.test(calm())).toMatchObject({ ok: false, sentence: expect.stringContaining('401') });
});
