import { afterEach, expect } from 'vitest';
import { z } from 'zod';
import { fingerprintOf } from '../../../electron/connectors/alert-labels.ts';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import type { Alert } from '../../../electron/connectors/source.ts';
import { startAlertmanager, startPrometheus } from '../../fixtures/debian-servers.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { testOnRealServers as test } from '../../fixtures/test-on-real-servers.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const Held = z.array(z.object({ fingerprint: z.string(), labels: z.record(z.string(), z.string()) }));

/** Alerts that always fire, by their own labels, beside one that nothing is done to and that nobody drops. */
const alwaysFiring = (alerts: readonly Record<string, string>[]) => [
  {
    name: 'shop',
    rules: alerts.map((labels, index) => ({ alert: `A${index}`, expr: 'vector(1)', labels })),
  },
];

const oneOf = (url: string) => prometheus({ id: 'p', name: 'P', url, authorization: null });
const signal = () => AbortSignal.timeout(5_000);

/** What fires at a Prometheus so configured, and what its Alertmanager holds, once that has all that is sent. */
async function sentThrough(
  alerts: readonly Record<string, string>[],
  setup: Parameters<typeof startPrometheus>[0],
) {
  const manager = await startAlertmanager();
  closing.push(manager.close);
  const server = await startPrometheus({
    rules: alwaysFiring(alerts),
    alertmanagerUrl: manager.url,
    ...setup,
  });
  closing.push(server.close);
  const connector = oneOf(server.url);
  const firing = await eventually('all to fire', async () => {
    const { firing } = (await connector.alerts?.standing?.(signal())) ?? { firing: [] };
    return firing.length === alerts.length && firing;
  });
  const expected = [...new Set(firing.flatMap(({ sentAs, fingerprint }) => sentAs ?? [fingerprint]))].sort();
  let held: z.infer<typeof Held> = [];
  // Another evaluation after the last that is expected: whoever is sent besides has come by then.
  let evaluations = 0;
  await eventually('the Alertmanager to hold them', async () => {
    held = Held.parse(await (await fetch(`${manager.url}/api/v2/alerts`)).json());
    if (expected.every((one) => held.some(({ fingerprint }) => fingerprint === one))) evaluations += 1;
    return evaluations > 30;
  });
  return { connector, firing, expected, held };
}

const named = (firing: readonly Alert[], name: string) => firing.find((alert) => alert.name === name);

test('the labels of each alert are the ones that a real Alertmanager has, whatever is done to them on the way', async () => {
  const { firing, expected, held, connector } = await sentThrough(
    [
      { severity: 'critical', service: 'checkout' },
      { service: 'Bücher ß straße', cluster: 'own', from: 'x' },
      { service: 'a-b-c', meta_app: 'one', meta_team: 'two', tmp_a: '1' },
      { service: 'drop me', severity: 'info' },
      { pod: 'same', container: 'same', service: 'İstanbul ΟΔΟΣ ᾳ' },
      { pod: 'same', container: 'other', service: `$1 \${a} \\ "quoted": yes` },
      { service: 'line one\nline two' },
      { service: 'gone' },
    ],
    {
      externalLabels: {
        cluster: 'eu-1',
        prometheus: 'monitoring/k8s',
        prometheus_replica: 'prometheus-k8s-0',
        n: '007',
      },
      alertRelabelConfigs: [
        { regex: 'prometheus_replica', action: 'labeldrop' },
        { source_labels: ['service'], regex: 'drop .*', action: 'drop' },
        { source_labels: ['service'], regex: 'gone', target_label: 'service', replacement: '' },
        {
          source_labels: ['service'],
          regex: '(.)-(?P<mid>.)-(.)',
          target_label: 'mid',
          replacement: `\${mid}$1x$$$3$`,
        },
        { source_labels: ['service'], regex: '(a)-(.*)', target_label: `\${1}_\${9}x`, replacement: '$2' },
        { source_labels: ['service'], regex: '([^a]*)|(.*)', target_label: 'either', replacement: '<$1|$2>' },
        { source_labels: ['service'], regex: '(?i:BÜCHER).*', target_label: 'folded', replacement: 'yes' },
        { source_labels: ['service'], regex: '.+', target_label: 'dot', replacement: 'fits' },
        { regex: 'meta_(.+)', action: 'labelmap', replacement: 'm_$1' },
        { regex: 'tmp_.*|from', action: 'labeldrop' },
        { source_labels: ['service'], target_label: 'lower', action: 'lowercase' },
        { source_labels: ['service'], target_label: 'upper', action: 'uppercase' },
        {
          source_labels: ['service', 'cluster'],
          separator: '',
          target_label: 'shard',
          action: 'hashmod',
          modulus: 7,
        },
        {
          source_labels: ['service'],
          target_label: 'large',
          action: 'hashmod',
          modulus: Number.MAX_SAFE_INTEGER,
        },
        { source_labels: ['cluster', 'absent', 'n'], target_label: 'joined' },
        {
          source_labels: ['pod'],
          target_label: 'container',
          regex: 'same',
          action: 'replace',
          replacement: '$0',
        },
        { target_label: 'fixed', replacement: 'on' },
        { source_labels: ['n'], regex: '', target_label: 'never', replacement: 'x' },
        { source_labels: ['cluster'], target_label: 'away', action: 'dropequal' },
        { regex: 'large|[a-z]+|m_.*|a_x', action: 'labelkeep' },
        { source_labels: ['alertname'], regex: 'A[0-6]', action: 'keep' },
      ],
    },
  );
  expect(held.map(({ fingerprint }) => fingerprint).sort()).toEqual(expected);
  for (const { fingerprint, labels } of held) expect(fingerprintOf(labels)).toBe(fingerprint);
  expect(expected).toHaveLength(6);
  expect(named(firing, 'A3')?.sentAs).toEqual([]);
  expect(named(firing, 'A7')?.sentAs).toEqual([]);
  const tested = await connector.test(signal());
  expect(tested.sees).toContain('alerts sent with 4 external labels and 21 relabelling rules');
  expect(tested.sentence).not.toMatch(/not known/);
});

test('the values that stand in the environment are known, and a label that an alert has is not overridden', async () => {
  const { firing, expected, held } = await sentThrough([{ replica: 'own' }, {}], {
    externalLabels: { replica: `\${HOST_OF_TEST}`, empty: `\${NOTHING_OF_TEST}` },
    environment: { HOST_OF_TEST: 'node-1', NOTHING_OF_TEST: '' },
    flags: ['--enable-feature=expand-external-labels'],
  });
  expect(held.map(({ labels }) => labels['replica']).sort()).toEqual(['node-1', 'own']);
  expect(held.map(({ fingerprint }) => fingerprint).sort()).toEqual(expected);
  // Its own label stands, so that it arrives as it is.
  expect(named(firing, 'A0')?.sentAs).toBeUndefined();
  expect(named(firing, 'A1')?.sentAs).toHaveLength(1);
});
