import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { declareScheme, serveRenderer } from '../../../electron/desktop/renderer-protocol.ts';
import { rendererFiles } from '../../../electron/platform/renderer-files.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { protocol, recorded, resetStandIn } from '../../fixtures/electron-stand-in.ts';

beforeEach(() => {
  resetStandIn();
  const dir = newDataDir();
  const screen = join(dir, 'renderer');
  mkdirSync(join(screen, 'assets'), { recursive: true });
  writeFileSync(
    join(screen, 'index.html'),
    '<meta property="csp-nonce" nonce="__CSP_NONCE__"><script nonce="__CSP_NONCE__">',
  );
  writeFileSync(join(screen, 'assets', 'app.js'), 'export {};');
  writeFileSync(join(dir, 'secret.json'), '{}');
  serveRenderer(protocol as never, rendererFiles(screen));
});

async function asked(url: string, method = 'GET'): Promise<Response> {
  const handler = recorded.protocols.get('app');
  if (!handler) throw new Error('the scheme has no handler');
  return handler(new Request(url, { method }));
}

it('declares a standard, secure scheme that does not get round the content policy', () => {
  declareScheme(protocol as never);
  expect(recorded.schemes).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
});

it('serves the document under a strict policy with a fresh nonce each time', async () => {
  const [first, second] = [await asked('app://countersign/'), await asked('app://countersign/')];
  const policy = first.headers.get('content-security-policy') ?? '';
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]);
  expect(Buffer.from(nonce, 'base64').length).toBeGreaterThanOrEqual(16);
  expect(await first.text()).toBe(`<meta property="csp-nonce" nonce="${nonce}"><script nonce="${nonce}">`);
  expect(second.headers.get('content-security-policy')).not.toBe(policy);
});

it('serves the files of the screen with their type, never guessed', async () => {
  const reply = await asked('app://countersign/assets/app.js');
  expect(reply.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await reply.text()).toBe('export {};');
});

it.each([
  'app://evil/',
  'app://countersign.evil.test/',
  'app://countersign:1/',
  'app://countersign/../secret.json',
  'app://countersign/..%2fsecret.json',
  'app://countersign/%2e%2e/secret.json',
  'app://countersign/assets/../../secret.json',
  'app://countersign/assets',
  'app://countersign/nothing.js',
])('%s is not there', async (url) => {
  const reply = await asked(url);
  expect(reply.status).toBe(404);
  expect(await reply.text()).toBe('');
});

it('takes nothing but a reading', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) {
    expect((await asked('app://countersign/', method)).status).toBe(404);
  }
});
