import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloudWatchServer } from '../fixtures/cloudwatch-server.ts';
import { expect, test } from './fixtures.ts';
import { violations } from './violations.ts';

const folder = mkdtempSync(join(tmpdir(), 'aws-'));
const profiles = join(folder, 'config');
let server: Awaited<ReturnType<typeof cloudWatchServer>>;
let mayReadHistory = false;
test.beforeAll(async () => {
  writeFileSync(profiles, '[profile work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = hush\n');
  process.env['AWS_CONFIG_FILE'] = profiles;
  server = await cloudWatchServer({
    DescribeAlarmHistory: () => (mayReadHistory ? {} : 'AccessDeniedException'),
  });
});
test.afterAll(async () => {
  delete process.env['AWS_CONFIG_FILE'];
  await server.close();
  rmSync(folder, { recursive: true });
});

test('connects a CloudWatch by a profile of this machine, and says what it may not read', async ({
  app,
  page,
}) => {
  await page.goto(app.url);
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await page.getByRole('button', { name: 'Connect CloudWatch' }).click();
  const form = page.getByRole('form', { name: 'New CloudWatch' });
  await form.getByLabel('Name', { exact: true }).fill('Shop account');
  await form.getByLabel('Regions').fill('Frankfurt');
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form).toContainText('a region such as eu-central-1');

  await form.getByLabel('Regions').fill('eu-central-1, us-east-1');
  await form.getByLabel('AWS profile').fill('nobody');
  await form.getByLabel('Endpoint').fill(server.url);
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form).toContainText('There are no AWS credentials for CloudWatch');
  expect(server.received).toEqual([]);

  await form.getByLabel('AWS profile').fill('work');
  await expect(form).not.toContainText('no AWS credentials');
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form).toContainText('may not read the history of alarms');
  expect(await violations(page)).toEqual([]);

  mayReadHistory = true;
  await form.getByRole('button', { name: 'Connect' }).click();
  const vault = page.getByRole('dialog', { name: 'Choose a passphrase for the vault' });
  await vault.getByLabel('Passphrase').fill('correct horse battery');
  await vault.getByRole('button', { name: 'Create the vault' }).click();
  const row = page.getByRole('region', { name: 'Connections' }).getByRole('listitem');
  await expect(row).toContainText('eu-central-1, us-east-1 (profile work)');
  await expect(row).toContainText('signs in as the AWS command line does');
  await row.getByRole('button', { name: 'Test Shop account' }).click();
  await expect(row).toContainText('CloudWatch answers in eu-central-1, us-east-1');
});
