import { expect, it } from 'vitest';
import { kubernetes } from '../../../electron/connectors/kubernetes/kubernetes.ts';
import { loki } from '../../../electron/connectors/loki/loki.ts';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';

const at = (url: string) => ({ id: 'c', name: 'c', url, authorization: null });

it('says in its description what the envelope hides, as it stands when somebody asks', () => {
  let scope: string[] = [];
  const metrics = prometheus({ ...at('http://127.0.0.1:9'), metricScope: () => scope });
  const logs = loki({ ...at('http://127.0.0.1:9'), logScope: () => scope });
  for (const connector of [metrics, logs]) expect(String(connector.describe().unseen)).not.toContain('shop');
  scope = ['namespace="shop"'];
  for (const connector of [metrics, logs])
    expect(String(connector.describe().unseen)).toContain('namespace="shop"');
});

it('says of a cluster where it looks, what it hides and how it writes', () => {
  const access = { server: 'https://127.0.0.1:9', token: 'tok' };
  const whole = kubernetes({ id: 'k', name: 'k', access }).describe();
  expect(String(whole.reads)).toContain('in every namespace');
  expect(String(whole.unseen)).not.toContain('values of config maps');
  const limited = kubernetes({
    id: 'k',
    name: 'k',
    access,
    namespaces: ['shop'],
    showsValues: false,
    writer: { serviceAccount: 'writer', namespace: 'shop' },
  }).describe();
  expect(String(limited.reads)).toContain('in shop');
  expect(String(limited.unseen)).toContain('values of config maps');
  expect(String(limited.writes)).toContain('a token asked for that one write');
});
