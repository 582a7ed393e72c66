import { expect, it } from 'vitest';
import { httpClient } from '../../../electron/platform/http.ts';

const calm = () => AbortSignal.timeout(5_000);
const client = (url: string, refuses: (host: string) => boolean) =>
  httpClient({ system: 'Prometheus', url, authorization: 'Bearer tok-geheim', refuses });

it('refuses a host of the envelope by its name, before anything is looked up', async () => {
  const http = client('http://Metrics.internal.example./x', (host) => host === 'metrics.internal.example');
  await expect(http.getJson('api', {}, calm())).rejects.toThrow(
    /metrics.internal.example is among the hosts that the envelope refuses/i,
  );
});

it('refuses it by the address that another name resolves to', async () => {
  const http = client('http://localhost:1/', (host) => host === '127.0.0.1' || host === '::1');
  await expect(http.getJson('api', {}, calm())).rejects.toThrow(/localhost is among the hosts/);
});

it.each([
  'http://169.254.169.254/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fd00:ec2::254]/',
  'http://metadata.google.internal/',
  'http://100.100.100.200/',
  'http://0xa9fea9fe/',
])('refuses %s whatever the envelope says', async (url) => {
  const http = client(url, () => false);
  await expect(http.getJson('latest', {}, calm())).rejects.toThrow(/never connects to/);
});
