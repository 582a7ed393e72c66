import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { contextsOf, kubeconfigPath, pastedAccess } from '../../../electron/host/kubeconfig.ts';
import { Failure } from '../../../electron/platform/failure.ts';

const SECRET = 'a-token-that-nobody-may-see';
const config = (user: object = { token: SECRET }, cluster: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'staging',
  contexts: [
    { name: 'production', context: { cluster: 'one', user: 'mina', namespace: 'shop' } },
    { name: 'staging', context: { cluster: 'two', user: 'mina' } },
    { name: 'lost', context: { cluster: 'none', user: 'mina' } },
  ],
  clusters: [
    { name: 'one', cluster: { server: 'https://203.0.113.10:6443', ...cluster } },
    { name: 'two', cluster: { server: 'https://203.0.113.11:6443', 'certificate-authority-data': 'Q0E=' } },
  ],
  users: [{ name: 'mina', user }],
});
const text = (...given: Parameters<typeof config>) => stringify(config(...given));
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad_input' });
    return error instanceof Failure ? error.message : '';
  }
  throw new Error('it was taken');
};

describe('a pasted kubeconfig', () => {
  it('gives the contexts to choose from, and no secret', () => {
    const found = contextsOf({ kind: 'text', text: text() });
    expect(found.current).toBe('staging');
    expect(found.contexts).toEqual([
      { name: 'production', server: 'https://203.0.113.10:6443', namespace: 'shop' },
      { name: 'staging', server: 'https://203.0.113.11:6443', namespace: null },
      { name: 'lost', server: 'a cluster that it does not describe', namespace: null },
    ]);
    expect(JSON.stringify(found)).not.toContain(SECRET);
  });

  it('signs in by its token, in the context that is chosen or its current one', () => {
    expect(pastedAccess(text())).toEqual({
      server: 'https://203.0.113.11:6443',
      token: SECRET,
      caData: 'Q0E=',
    });
    expect(pastedAccess(text(), 'production')).toEqual({
      server: 'https://203.0.113.10:6443',
      token: SECRET,
    });
  });

  it('signs in by a certificate with its key', () => {
    const user = { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' };
    expect(pastedAccess(text(user), 'production')).toMatchObject({ certData: 'Q0VSVA==', keyData: 'S0VZ' });
  });

  it.each<[string, object, object]>([
    ['runs a command', { token: SECRET, exec: { command: '/bin/sh', args: ['-c', 'id'] } }, {}],
    ['signs in elsewhere', { token: SECRET, 'auth-provider': { name: 'oidc' } }, {}],
    ['reads a token from a file', { tokenFile: '/etc/shadow' }, {}],
    ['reads a key from a file', { 'client-certificate-data': 'QQ==', 'client-key': '/root/.ssh/id_rsa' }, {}],
    ['acts as somebody else', { token: SECRET, as: 'system:admin' }, {}],
    ['shows a password', { username: 'mina', password: SECRET }, {}],
    ['reads an authority from a file', { token: SECRET }, { 'certificate-authority': '/etc/ssl/ca.pem' }],
    ['takes any server', { token: SECRET }, { 'insecure-skip-tls-verify': true }],
    ['goes through a proxy', { token: SECRET }, { 'proxy-url': 'http://203.0.113.99' }],
  ])('that %s is refused by the name of the member, and quoted nowhere', (_case, user, cluster) => {
    const said = refusal(() => pastedAccess(text(user, cluster), 'production'));
    expect(said).toMatch(/not taken from a pasted text/);
    expect(said).not.toContain(SECRET);
  });

  it.each([
    ['of no cluster', () => pastedAccess(text(), 'lost'), /no cluster for the context lost/],
    ['of no such context', () => pastedAccess(text(), 'nobody'), /It knows: production, staging, lost/],
    ['that signs in by nothing', () => pastedAccess(text({}), 'production'), /neither by a token nor/],
    ['that is no YAML', () => pastedAccess(`token: "${SECRET}`), /is no YAML/],
    ['that is something else', () => pastedAccess(`users: ${SECRET}`), /is none: see/],
    ['that is a bomb', () => pastedAccess(bomb()), /no YAML|is none/],
  ])('%s is refused with a sentence', (_case, work, words) => {
    const said = refusal(work);
    expect(said).toMatch(words);
    expect(said).not.toContain(SECRET);
  });

  it('never throws anything but a failure, whatever is pasted', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (given) => {
        expect(() => pastedAccess(given)).toThrow(Failure);
      }),
    );
  });
});

/** Nine levels of nine aliases each. */
const bomb = () =>
  Array.from({ length: 9 }, (_, level) =>
    level === 0
      ? 'a0: &a0 [x]'
      : `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
  ).join('\n');

describe('a kubeconfig on this machine', () => {
  it.each(['config', './config', '../config', 'C', '~mina/config'])('is not looked for at %j', (path) => {
    expect(refusal(() => kubeconfigPath(path))).toMatch(/whole path/);
  });

  it('is read where it is, and never quoted', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
    const path = join(folder, 'config');
    writeFileSync(path, text());
    expect(contextsOf({ kind: 'file', path }).contexts).toHaveLength(3);
    writeFileSync(path, SECRET);
    expect(refusal(() => contextsOf({ kind: 'file', path }))).not.toContain(SECRET);
    symlinkSync(path, join(folder, 'link'));
    expect(refusal(() => contextsOf({ kind: 'file', path: join(folder, 'link') }))).not.toContain(SECRET);
    for (const other of [folder, join(folder, 'none')])
      expect(refusal(() => contextsOf({ kind: 'file', path: other }))).toMatch(/cannot be read/);
  });
});
