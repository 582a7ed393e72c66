import { afterEach, expect, it } from 'vitest';
import { alertmanager } from '../../../electron/connectors/alertmanager/alertmanager.ts';
import { kubernetes } from '../../../electron/connectors/kubernetes/kubernetes.ts';
import { launchDarkly } from '../../../electron/connectors/launchdarkly/launchdarkly.ts';
import { loki } from '../../../electron/connectors/loki/loki.ts';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import type { Connector } from '../../../electron/connectors/source.ts';
import { unleash } from '../../../electron/connectors/unleash/unleash.ts';
import { faults, nastyServer } from '../../fixtures/nasty-server.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const at = { id: 'one', name: 'one', authorization: null };
const kinds: [kind: string, mostMb: number, connect: (url: string) => Connector][] = [
  ['prometheus', 16, (url) => prometheus({ ...at, url })],
  ['alertmanager', 32, (url) => alertmanager({ ...at, url })],
  ['loki', 8, (url) => loki({ ...at, url })],
  ['unleash', 32, (url) => unleash({ ...at, url })],
  ['launchdarkly', 32, (url) => launchDarkly({ ...at, url })],
  ['kubernetes', 64, (url) => kubernetes({ ...at, access: { server: url, token: 'tok' } })],
];

it.each(kinds)('%s is given up after %d MB of an answer without end', async (_kind, mostMb, connect) => {
  const endless = faults.find(({ name }) => name === 'an endless answer');
  if (endless === undefined) throw new Error('no endless answer among the faults');
  const server = await nastyServer((_request, response) => endless.answer(response));
  stops.push(server.close);
  const { ok, sentence } = await connect(server.url).test(new AbortController().signal);
  expect(ok).toBe(false);
  expect(sentence).toContain(`sent more than ${mostMb} MB for one question`);
});
