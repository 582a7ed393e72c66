import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rendererFiles } from '../../../electron/platform/renderer-files.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

function screen(): string {
  const dir = newDataDir();
  mkdirSync(join(dir, 'assets'));
  writeFileSync(join(dir, 'index.html'), '<style nonce="__CSP_NONCE__"></style><meta nonce="__CSP_NONCE__">');
  writeFileSync(join(dir, 'assets', 'index-abc.js'), 'screen()');
  writeFileSync(join(dir, 'assets', 'index-abc.js.map'), '{}');
  writeFileSync(join(dir, 'notes.txt'), 'left behind');
  symlinkSync('/etc/passwd', join(dir, 'assets', 'passwd.js'));
  symlinkSync('/etc', join(dir, 'etc'));
  return dir;
}

it('gives each document a nonce of its own, in the text and in the policy', () => {
  const files = rendererFiles(screen());
  const nonces = ['/', '/', '/index.html'].map((path) => {
    const { body, headers } = files.find(path) ?? { body: Buffer.of(), headers: {} };
    const [first, second] = [...body.toString().matchAll(/nonce="([^"]+)"/g)].map(([, nonce]) => nonce);
    expect(first).toBe(second);
    expect(headers['content-security-policy']).toContain(`'nonce-${first}'`);
    expect(headers['cache-control']).toBe('no-store');
    return first;
  });
  expect(new Set(nonces).size).toBe(3);
});

it('lets caches keep assets, whose names change with what they hold', () => {
  const { body, headers } = rendererFiles(screen()).find('/assets/index-abc.js') ?? {};
  expect(String(body)).toBe('screen()');
  expect(headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'text/javascript; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
});

it.each([
  ['a link to a file elsewhere', '/assets/passwd.js'],
  ['a link to a folder elsewhere', '/etc/passwd'],
  ['a path that leads out', '/../../etc/passwd'],
  ['an encoded path that leads out', '/%2e%2e/%2e%2e/etc/passwd'],
  ['a path with a backslash', '/assets\\index-abc.js'],
  ['a folder', '/assets'],
  ['a source map', '/assets/index-abc.js.map'],
  ['a file of unknown type', '/notes.txt'],
  ['a name of every object', '/constructor'],
])('finds nothing at %s', (_case, path) => {
  expect(rendererFiles(screen()).find(path)).toBeUndefined();
});

it('says how to build a screen that is not there', () => {
  const empty = newDataDir();
  for (const dir of [empty, join(empty, 'none')]) {
    expect(() => rendererFiles(dir)).toThrow(
      expect.objectContaining({ code: 'storage', message: expect.stringContaining('npm run build') }),
    );
  }
});
