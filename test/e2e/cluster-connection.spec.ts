import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { stringify } from 'yaml';
import { READER, WRITER } from '../../electron/host/least-privilege/roles.ts';
import { writeRoles } from '../../electron/host/least-privilege/write-roles.ts';
import { clusterWithRoles } from '../fixtures/cluster-with-roles.ts';
import { expect, test } from './fixtures.ts';
import { violations } from './violations.ts';

const ACCOUNTS = 'operations';
let cluster: Awaited<ReturnType<typeof clusterWithRoles>>;
test.beforeEach(async () => {
  cluster = await clusterWithRoles();
  cluster.apply(
    writeRoles({ envelopeDir: 'resources/envelope', namespaces: ['shop'], accountNamespace: ACCOUNTS }),
  );
});
test.afterEach(() => cluster.close());

const kubeconfig = (token: string, how: object = {}) =>
  stringify({
    'current-context': 'elsewhere',
    contexts: [
      { name: 'elsewhere', context: { cluster: 'gone', user: 'reader' } },
      { name: 'production', context: { cluster: 'here', user: 'reader' } },
    ],
    clusters: [
      { name: 'gone', cluster: { server: 'https://127.0.0.1:9' } },
      { name: 'here', cluster: { server: cluster.url, ...how } },
    ],
    users: [{ name: 'reader', user: { token } }],
  });

async function openForm(page: Page, url: string) {
  await page.goto(url);
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await page.getByRole('button', { name: 'Connect a cluster' }).click();
  return page.getByRole('form', { name: 'New cluster' });
}

test('connects a cluster by a pasted kubeconfig, and keeps what signs in to itself', async ({
  app,
  page,
}) => {
  const { token } = cluster.account(READER, ACCOUNTS);
  const form = await openForm(page, app.url);
  await form.getByLabel('Name', { exact: true }).fill('production');
  await form.getByLabel('Signs in by').selectOption('text');
  await form.getByLabel('Kubeconfig').fill(kubeconfig(token));
  await form.getByRole('button', { name: 'Read contexts' }).click();
  await form.getByLabel('Context').selectOption('production');
  await form.getByLabel('Namespaces').fill('shop');
  await form.getByLabel('Account that writes').fill(WRITER);
  await form.getByLabel('Namespace of that account').fill(ACCOUNTS);
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form).toContainText('answers');
  await expect(form).toContainText('may roll back deployments');
  await expect(form).toContainText(/Credential: Needs \d+, holds \d+, none dangerous/);
  expect(await violations(page)).toEqual([]);

  await form.getByRole('button', { name: 'Connect' }).click();
  const vault = page.getByRole('dialog', { name: 'Choose a passphrase for the vault' });
  await vault.getByLabel('Passphrase').fill('correct horse battery');
  await vault.getByRole('button', { name: 'Create the vault' }).click();
  const row = page.getByRole('region', { name: 'Connections' }).getByRole('listitem');
  await expect(row).toContainText('production');
  await row.getByRole('button', { name: 'Test production' }).click();
  await expect(row).toContainText('answers');
  expect(await page.content()).not.toContain(token);
  for (const name of await readdir(app.dataDir, { recursive: true })) {
    const path = join(app.dataDir, name);
    if ((await stat(path)).isFile()) expect((await readFile(path)).includes(token), name).toBe(false);
  }
  expect(app.output()).not.toContain(token);
});

test('says before it is connected what a careless credential could do', async ({ app, page }) => {
  const admin = cluster.tokens.mint({ user: 'admin', groups: ['system:masters', 'system:authenticated'] });
  const path = join(await mkdtemp(join(tmpdir(), 'kubeconfig-')), 'config');
  // kubectl's own library speaks plain HTTP to nobody whose certificate it is to check.
  await writeFile(path, kubeconfig(admin, { 'insecure-skip-tls-verify': true }), { mode: 0o600 });
  const form = await openForm(page, app.url);
  await form.getByLabel('Name', { exact: true }).fill('production');
  await form.getByLabel('Kubeconfig').fill(path);
  await form.getByRole('button', { name: 'Read contexts' }).click();
  await form.getByLabel('Context').selectOption('production');
  await form.getByRole('button', { name: 'Test' }).click();
  const dangers = form.getByRole('list', { name: 'Dangerous rights' });
  await expect(dangers.getByRole('listitem').first()).toContainText('system:masters');

  await form.getByLabel('Signs in by').selectOption('text');
  await form
    .getByLabel('Kubeconfig')
    .fill(kubeconfig(admin).replace('token:', 'tokenFile: /etc/shadow\n      token:'));
  await form.getByRole('button', { name: 'Read contexts' }).click();
  await form.getByLabel('Context').selectOption('production');
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form.getByRole('alert')).toContainText(
    '"tokenFile" in its user, which is not taken from a pasted text',
  );
  await form.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('region', { name: 'Connections' })).toContainText('No system is connected');
});
