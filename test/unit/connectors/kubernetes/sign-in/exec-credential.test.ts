import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readKubeconfig } from '../../../../../electron/connectors/kubernetes/sign-in/kubeconfig.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Exec = { command?: string; interactiveMode?: string; provideClusterInfo?: boolean; env?: object[] };

/** A kubeconfig whose user signs in by a shell script beside it. */
async function signingInBy(script: string, exec: Exec = {}) {
  writeFileSync(join(folder, 'sign-in'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'sign-in'), 0o755);
  const path = join(folder, 'config');
  const apiVersion = 'client.authentication.k8s.io/v1';
  writeFileSync(
    path,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://cluster.example:6443' } }],
      users: [{ name: 'mina', user: { exec: { apiVersion, command: './sign-in', ...exec } } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'mina' } }],
      'current-context': 'x',
    }),
  );
  return readKubeconfig(path, undefined, undefined);
}

const printing = (status: object) =>
  `printf '%s' '${JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status })}'`;
const counting = () => `echo run >> "${join(folder, 'runs')}"`;
const runs = () => readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n').length;

it('runs the command beside the kubeconfig once, however many want its token', async () => {
  const { credentials } = await signingInBy(`${counting()}\n${printing({ token: 'tok-1' })}`);
  const shown = await Promise.all(Array.from({ length: 20 }, credentials));
  expect(shown.map(({ headers }) => headers)).toEqual(shown.map(() => ({ authorization: 'Bearer tok-1' })));
  await credentials();
  expect(runs()).toBe(1);
});

it('runs it again once what it gave has expired', async () => {
  const expirationTimestamp = new Date(Date.now() - 1_000).toISOString();
  const { credentials } = await signingInBy(
    `${counting()}\n${printing({ token: 'tok-1', expirationTimestamp })}`,
  );
  await credentials();
  await credentials();
  expect(runs()).toBe(2);
});

it('shows a certificate where the command gives one', async () => {
  const { credentials } = await signingInBy(
    printing({ clientCertificateData: 'CERT', clientKeyData: 'KEY' }),
  );
  expect(await credentials()).toEqual({ headers: {}, tls: { cert: 'CERT', key: 'KEY' } });
});

it('gives the command its environment and the cluster, and no terminal to wait at', async () => {
  const { credentials } = await signingInBy(
    `cat > "${join(folder, 'stdin')}"; printf '%s' "$KUBERNETES_EXEC_INFO" > "${join(folder, 'info')}"; printf '%s' "$WHO" > "${join(folder, 'who')}"\n${printing({ token: 't' })}`,
    { provideClusterInfo: true, env: [{ name: 'WHO', value: 'mina' }] },
  );
  await credentials();
  expect(readFileSync(join(folder, 'stdin'), 'utf8')).toBe('');
  expect(readFileSync(join(folder, 'who'), 'utf8')).toBe('mina');
  expect(JSON.parse(readFileSync(join(folder, 'info'), 'utf8'))).toEqual({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive: false, cluster: { server: 'https://cluster.example:6443' } },
  });
});

it.each([
  ['fails', 'echo tok-geheim >&2; echo tok-geheim; exit 3', /failed \(exit 3\)\. Does kubectl work/],
  ['prints rubbish', 'echo tok-geheim', /printed no ExecCredential/],
  [
    'prints another kind',
    `echo '{"kind":"Secret","status":{"token":"tok-geheim"}}'`,
    /printed no ExecCredential/,
  ],
  ['prints a certificate without its key', printing({ clientCertificateData: 'tok-geheim' }), /and its key/],
  ['prints without end', 'yes tok-geheim', /printed more than a credential/],
])('names a command that %s, and quotes nothing of it', async (_what, script, sentence) => {
  const { credentials } = await signingInBy(script);
  const failure = await credentials().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'unauthorized', message: expect.stringMatching(sentence) });
  expect(String(failure)).not.toContain('geheim');
  expect(String(failure)).toContain('./sign-in');
});

it('names a command that is not there', async () => {
  const { credentials } = await signingInBy('', { command: 'no-such-command-anywhere' });
  await expect(credentials()).rejects.toThrow(/no-such-command-anywhere .* was not found/);
});

it('refuses a command that wants a terminal, before it runs', async () => {
  const always = signingInBy(`touch "${join(folder, 'ran')}"`, { interactiveMode: 'Always' });
  await expect(always).rejects.toThrow(/wants a terminal/);
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});

it('names the member that a sign-in lacks', async () => {
  await expect(signingInBy('', { command: '' })).rejects.toThrow(/user mina signs in: command/);
});
