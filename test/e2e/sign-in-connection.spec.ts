import { privateAuthority } from '../fixtures/certificates.ts';
import { quietAnswers } from '../fixtures/metric-answers.ts';
import { tlsServer } from '../fixtures/tls-server.ts';
import { expect, test } from './fixtures.ts';
import { violations } from './violations.ts';

test('connects a Prometheus behind mutual TLS, for one tenant, and says what it reads', async ({
  app,
  page,
}) => {
  const company = privateAuthority();
  const { cert, key } = company.client();
  const server = await tlsServer(company.server(), quietAnswers.prometheus, {
    ca: company.ca,
    requestCert: true,
    rejectUnauthorized: true,
  });
  await page.goto(app.url);
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await page.getByRole('button', { name: 'Add a connection' }).click();
  const form = page.getByRole('form', { name: 'New connection' });
  await form.getByLabel('Name', { exact: true }).fill('Mimir');
  await form.getByLabel('URL').fill(server.url);
  await form.getByText('Tenant and certificates').click();
  await form.getByLabel('Certificate authority').fill(company.ca);
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form).toContainText('asks for a client certificate. Add one, with its key');

  await form.getByLabel('Tenant', { exact: true }).fill('shop');
  await form.getByLabel('Client certificate').fill(cert);
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form).toContainText('a private key in PEM');
  await form.getByLabel('Client key').fill(key);
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form).toContainText('Prometheus 3.2.0 answers');
  expect(await violations(page)).toEqual([]);

  await form.getByRole('button', { name: 'Connect' }).click();
  const vault = page.getByRole('dialog', { name: 'Choose a passphrase for the vault' });
  await vault.getByLabel('Passphrase').fill('correct horse battery');
  await vault.getByRole('button', { name: 'Create the vault' }).click();
  const row = page.getByRole('region', { name: 'Connections' }).getByRole('listitem');
  await expect(row).toContainText('client certificate in the vault');
  await expect(row).toContainText('tenant shop');
  await row.getByText('What it reads').click();
  await expect(row).toContainText('alerts that fire, every few seconds');
  await expect(row).toContainText('nothing: it is only read');
  expect(server.received.at(-1)).toMatchObject({ from: 'countersign', headers: { 'x-scope-orgid': 'shop' } });
  expect(await page.content()).not.toContain('PRIVATE KEY-----\n');
  await server.close();
});
