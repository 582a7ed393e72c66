import { type MessagesServer, messagesServer } from '../fixtures/messages-server/messages-server.ts';
import { expect, test } from './fixtures.ts';
import { violations } from './violations.ts';

let server: MessagesServer;
test.beforeEach(async () => {
  server = await messagesServer([
    { kind: 'turn', text: 'Nothing that I can read explains it.', usage: { input: 12_000, output: 400 } },
  ]);
});
test.afterEach(() => server.close());

test.use({ colorScheme: 'dark', viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });

test('a person sets a model up, agrees to what is sent, and sees what it used', async ({ app, page }) => {
  await page.goto(app.url);
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  const model = page.getByRole('region', { name: 'Model' });
  await model.getByLabel('Base URL').fill(server.url);
  await model.getByLabel('Model', { exact: true }).fill('scripted-model/1');
  await model.getByLabel('On real incidents').selectOption('model');
  await model.getByRole('button', { name: 'Save' }).click();
  await expect(model.getByRole('listitem').first()).toContainText(`there is no key for ${server.url}`);

  await model.getByRole('textbox', { name: 'Key' }).fill('sk-test-not-a-real-key');
  await model.getByRole('button', { name: 'Keep the key' }).click();
  const unlock = page.getByRole('dialog');
  await unlock.locator('input[type=password]').first().fill('correct horse battery');
  await page.keyboard.press('Enter');
  await expect(unlock).toBeHidden();
  await expect(model.getByLabel('Key (one is in the vault)')).toHaveValue('');
  await expect(model.getByRole('listitem').first()).toContainText('nobody agreed yet');
  expect(server.received).toHaveLength(0);

  const see = model.getByRole('button', { name: 'Show what the model would see' });
  await see.click();
  await expect(model.getByRole('status')).toContainText('<EMAIL_1> signed in from 10.2.3.4');
  await model.getByLabel('Network addresses and names of internal hosts, too').check();
  await expect(model.getByRole('status')).toBeHidden();
  await see.click();
  await expect(model.getByRole('status')).toContainText(
    'from <IP_1>; <HOST_1> refused DB_PASSWORD=<SECRET_1>',
  );
  await model.getByRole('button', { name: 'Save' }).click();

  await model.getByRole('button', { name: 'I agree to this' }).click();
  await expect(model.getByRole('listitem').first()).toContainText(`scripted-model/1 at ${server.url}`);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await violations(page), colorScheme).toEqual([]);
  }

  await page.getByRole('link', { name: 'Incidents', exact: true }).click();
  await page.getByRole('button', { name: 'New incident' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill('Slow pages');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Analyst' }).click();
  const analyst = page.getByRole('region', { name: 'Analyst' });
  await expect(analyst.getByRole('log')).toContainText('Nothing that I can read explains it.');
  await expect(analyst.getByLabel('Budget', { exact: true })).toContainText('12 k of');
  await expect(analyst.getByLabel('Budget', { exact: true })).toContainText('unknown: no price is set');
  expect(server.asked()[0]?.model).toBe('scripted-model/1');
});
