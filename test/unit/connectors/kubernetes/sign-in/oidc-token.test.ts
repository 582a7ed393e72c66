import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readKubeconfig } from '../../../../../electron/connectors/kubernetes/sign-in/kubeconfig.ts';
import { sendJson, type TinyServer, tinyServer } from '../../../../fixtures/tiny-server.ts';

let folder = '';
let provider: TinyServer;
const behaviour = { lifeS: 3_600, rotates: true, refuses: false, issuer: '', redirects: false };
let issued = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oidc-'));
  issued = 0;
  Object.assign(behaviour, { lifeS: 3_600, rotates: true, refuses: false, issuer: '', redirects: false });
  provider = await tinyServer(({ url }, response) => {
    if (url === '/.well-known/openid-configuration') {
      const issuer = behaviour.issuer || provider.url;
      sendJson(response, {
        issuer,
        authorization_endpoint: `${provider.url}/authorize`,
        token_endpoint: `${provider.url}/token`,
        jwks_uri: `${provider.url}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    } else if (behaviour.redirects) {
      response.writeHead(307, { location: 'http://169.254.169.254/token' }).end();
    } else if (behaviour.refuses) {
      sendJson(response, { error: 'invalid_grant', error_description: 'rt-geheim is spent' }, 400);
    } else {
      issued += 1;
      sendJson(response, {
        access_token: 'at',
        token_type: 'Bearer',
        expires_in: behaviour.lifeS,
        id_token: token(behaviour.lifeS, `issue ${issued}`),
        ...(behaviour.rotates ? { refresh_token: `rt-${issued}` } : {}),
      });
    }
  });
});
afterEach(async () => {
  await provider.close();
  rmSync(folder, { recursive: true });
});

/** An id token in the form of one that is signed; whether the signature holds is for the API server to see. */
function token(lifeS: number, subject: string): string {
  const nowS = Math.floor(Date.now() / 1_000);
  const jwt = new UnsecuredJWT({ sub: subject })
    .setIssuer(provider.url)
    .setAudience('kubernetes')
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + lifeS)
    .encode();
  const header = Buffer.from('{"alg":"RS256"}').toString('base64url');
  return `${header}.${jwt.split('.')[1]}.c2lnbmVk`;
}

const path = () => join(folder, 'config');
function written(config: Record<string, string>): void {
  const members = Object.entries({
    'idp-issuer-url': provider.url,
    'client-id': 'kubernetes',
    'client-secret': 'cs-geheim',
    ...config,
  });
  writeFileSync(
    path(),
    `# Mina's clusters
clusters:
- name: c
  cluster: { server: "https://cluster.example:6443" }
contexts:
- name: x
  context: { cluster: c, user: mina }
current-context: x
users:
- name: other
  user: { token: untouched }
- name: mina
  user:
    auth-provider:
      name: oidc
      config:
${members.map(([name, value]) => `        ${name}: ${JSON.stringify(value)}`).join('\n')}
`,
    { mode: 0o600 },
  );
}
const open = async () => (await readKubeconfig(path(), undefined, undefined)).credentials;
const shown = (authorization: string | undefined) =>
  JSON.parse(Buffer.from(authorization?.split('.')[1] ?? '', 'base64url').toString()).sub;

it('shows the token of the file while it holds, and asks nobody', async () => {
  written({ 'id-token': token(600, 'of the file'), 'refresh-token': 'rt-0' });
  const { headers } = await (await open())();
  expect(shown(headers['authorization'])).toBe('of the file');
  expect(provider.received).toEqual([]);
});

it('renews an expired one once for many requests, and leaves kubectl signed in', async () => {
  written({ 'id-token': token(-5, 'old'), 'refresh-token': 'rt-0' });
  const credentials = await open();
  const all = await Promise.all(Array.from({ length: 10 }, credentials));
  await credentials();
  expect(new Set(all.map(({ headers }) => shown(headers['authorization'])))).toEqual(new Set(['issue 1']));
  expect(issued).toBe(1);
  expect(new URLSearchParams(provider.received.at(-1)?.body).get('refresh_token')).toBe('rt-0');

  const text = readFileSync(path(), 'utf8');
  expect(text).toContain("# Mina's clusters");
  expect(text).toContain('untouched');
  expect(text).toContain('rt-1');
  expect(text).not.toContain('rt-0');
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['config']);
  expect(shown((await (await open())()).headers['authorization'])).toBe('issue 1');
  expect(issued).toBe(1);
});

it('shows the newest refresh token the next time', async () => {
  behaviour.lifeS = 1;
  written({ 'id-token': token(-5, 'old'), 'refresh-token': 'rt-0' });
  const credentials = await open();
  await credentials();
  await credentials();
  expect(new URLSearchParams(provider.received.at(-1)?.body).get('refresh_token')).toBe('rt-1');
});

it('leaves the file alone while kubectl writes it', async () => {
  written({ 'id-token': token(-5, 'old'), 'refresh-token': 'rt-0' });
  writeFileSync(`${path()}.lock`, '');
  const { headers } = await (await open())();
  expect(shown(headers['authorization'])).toBe('issue 1');
  expect(readFileSync(path(), 'utf8')).toContain('rt-0');
  expect(readdirSync(folder).sort()).toEqual(['config', 'config.lock']);
});

it.each([
  ['takes the refresh token no more', { refuses: true }, /did not renew the sign-in \(invalid_grant\)/],
  ['is another than the file says', { issuer: 'https://elsewhere.example' }, /did not renew the sign-in/],
  ['sends elsewhere', { redirects: true }, /identity provider/],
])('names a provider that %s, without a token in the sentence', async (_what, how, sentence) => {
  Object.assign(behaviour, how);
  written({ 'id-token': token(-5, 'old'), 'refresh-token': 'rt-geheim' });
  const failure = await (await open())().catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'Failure', message: expect.stringMatching(sentence) });
  expect(String(failure)).not.toContain('geheim');
});

it('says that nobody can renew a token without a refresh token', async () => {
  written({ 'id-token': token(-5, 'old') });
  await expect((await open())()).rejects.toThrow(/has expired and there is no refresh-token beside it/);
  expect(provider.received).toEqual([]);
});

it('never asks a provider at an address that is forbidden', async () => {
  written({ 'idp-issuer-url': 'http://169.254.169.254', 'refresh-token': 'rt-0' });
  await expect((await open())()).rejects.toThrow();
  expect(provider.received).toEqual([]);
});
