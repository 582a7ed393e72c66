import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { kubernetes } from '../../../../electron/connectors/kubernetes/kubernetes.ts';
import type { SourceState } from '../../../../electron/connectors/source.ts';
import { silentLogger } from '../../../../electron/platform/logger.ts';
import { serveOnLoopback } from '../../../../electron/sandbox/http/loopback.ts';
import { selfSigned } from '../../../../electron/sandbox/http/self-signed.ts';
import { refusals } from '../../../../electron/sandbox/kubernetes/status.ts';
import { eventually } from '../../../fixtures/eventually.ts';

let folder = '';
const stops: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'access-'));
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  delete process.env['KUBERNETES_SERVICE_HOST'];
  delete process.env['KUBERNETES_SERVICE_PORT'];
  rmSync(folder, { recursive: true });
});

/** An API server that takes one token at a time, and holds nothing. */
async function server() {
  const accepted = { token: 'first-token-of-many', times: 0 };
  const certificate = selfSigned(Date.now());
  const body = (value: object) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  });
  const { url, close } = await serveOnLoopback({
    token(shown) {
      if (shown !== accepted.token) return null;
      accepted.times += 1;
      return { user: 'u', groups: [] };
    },
    tls: certificate,
    refusals,
    logger: silentLogger,
    handler: ({ query }) =>
      query.get('watch') === 'true'
        ? {
            status: 200,
            headers: {},
            start: (_send, end) => {
              const timer = setTimeout(end, 1_100);
              return () => clearTimeout(timer);
            },
          }
        : body({ metadata: { resourceVersion: '1' }, items: [] }),
  });
  stops.push(close);
  return { url, accepted, certificate };
}

function stream(access: Parameters<typeof kubernetes>[0]['access']): { last(): SourceState | undefined } {
  const states: SourceState[] = [];
  const { changes } = kubernetes({ id: 'k', name: 'k', access, random: () => 0 });
  const stop = changes?.stream({ onObservations: () => {}, onState: (state) => states.push(state) });
  if (stop) stops.push(stop);
  return { last: () => states.at(-1) };
}

it('asks the command of a kubeconfig anew when the server no longer takes what it gave', async () => {
  const { url, accepted, certificate } = await server();
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, accepted.token);
  const command = join(folder, 'sign-in');
  // By its own word the token never expires.
  writeFileSync(
    command,
    `#!/bin/sh\nprintf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat ${tokenFile})"\n`,
  );
  chmodSync(command, 0o755);
  const kubeconfigPath = join(folder, 'config');
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' };
  writeFileSync(
    kubeconfigPath,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'c',
          cluster: {
            server: url,
            'certificate-authority-data': Buffer.from(certificate.cert).toString('base64'),
          },
        },
      ],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  const { last } = stream({ kubeconfigPath });
  await eventually('that it is up', () => last()?.up);
  accepted.token = 'second-token-of-many';
  await eventually('that it is refused', () => last()?.up === false);
  expect(JSON.stringify(last())).not.toContain('first-token');
  writeFileSync(tokenFile, accepted.token);
  await eventually('that it is up again', () => last()?.up);
});

it('shows the account of the pod it runs in, whichever token lies there now', async () => {
  const { url, accepted, certificate } = await server();
  const { hostname, port } = new URL(url);
  process.env['KUBERNETES_SERVICE_HOST'] = hostname;
  process.env['KUBERNETES_SERVICE_PORT'] = port;
  writeFileSync(join(folder, 'ca.crt'), certificate.cert);
  writeFileSync(join(folder, 'token'), `${accepted.token}\n`);
  const { last } = stream({ inCluster: true, folder });
  await eventually('that it is up', () => last()?.up);
  accepted.token = 'second-token-of-many';
  writeFileSync(join(folder, 'token'), `${accepted.token}\n`);
  accepted.times = 0;
  await eventually('requests with the new one', () => accepted.times > 20);
  expect(last()?.up).toBe(true);
});

it('says that it runs in no pod', async () => {
  const { test } = kubernetes({ id: 'k', name: 'k', access: { inCluster: true, folder } });
  expect(await test(new AbortController().signal)).toMatchObject({
    ok: false,
    sentence: expect.stringContaining('KUBERNETES_SERVICE_HOST'),
  });
});
