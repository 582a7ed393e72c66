import type { Page } from '@playwright/test';
import { expect, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

async function look(page: Page, name: string, region = 'Notifications') {
  const section = page.getByRole('region', { name: region });
  await section.scrollIntoViewIfNeeded();
  await page.screenshot({ path: `test-results/notifications-${name}.png` });
  expect(await violations(page)).toEqual([]);
}

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });

    test('a chat is added, tried, found broken and removed, and its address is not seen again', async ({
      app,
    }) => {
      await app.getByRole('link', { name: 'Settings', exact: true }).click();
      const section = app.getByRole('region', { name: 'Notifications' });
      await expect(section.getByText('This desktop', { exact: true })).toBeVisible();
      await look(app, `${colorScheme}-first`);

      await section.getByRole('button', { name: 'Add a webhook' }).click();
      const form = section.getByRole('form', { name: 'New webhook' });
      await form.getByRole('textbox', { name: 'Name' }).fill('broken');
      await form.getByLabel('Address of the webhook').fill('https://hooks.example/services/hush');
      await form.getByRole('group', { name: 'It is told of' }).getByLabel('Outcomes').uncheck();
      await look(app, `${colorScheme}-adding`);
      await form.getByRole('button', { name: 'Add the webhook' }).click();
      const row = section.getByRole('listitem').filter({ hasText: 'broken' });
      await expect(row).toContainText('hooks.example');
      await expect(row).not.toContainText('outcomes');

      await section.getByRole('button', { name: 'Send a test' }).click();
      await expect(row).toContainText('answered 404');
      await look(app, `${colorScheme}-tried`);
      expect(await app.content()).not.toContain('hush');
      await row.getByRole('button', { name: 'Remove broken' }).click();
      await row.getByRole('button', { name: 'Really remove broken' }).click();
      await expect(row).toHaveCount(0);
    });
  });
}

test('what this desktop shows and where links lead is chosen, and a wrong address is named', async ({
  app,
}) => {
  await app.getByRole('link', { name: 'Settings', exact: true }).click();
  const section = app.getByRole('region', { name: 'Notifications' });
  const stops = section.getByRole('group', { name: /^This desktop shows/ }).getByLabel('Stops');
  // Not `uncheck`, which wants it done at once: it shows what the host keeps, once that has answered.
  await stops.click();
  await expect(stops).not.toBeChecked();
  const link = section.getByRole('textbox', { name: 'Links in messages lead to' });
  await link.fill('ftp://ops.example');
  await section.getByRole('button', { name: 'Keep' }).click();
  await expect(section).toContainText('an http:// or https:// address');
  await link.fill('https://ops.example/');
  await section.getByRole('button', { name: 'Keep' }).click();
  await expect(section).not.toContainText('an http:// or https:// address');
  await expect(section.getByRole('button', { name: 'Keep' })).toBeDisabled();
});

test('a flag file and a LaunchDarkly are connected, each with its own fields', async ({ app }) => {
  await app.getByRole('link', { name: 'Settings', exact: true }).click();
  const section = app.getByRole('region', { name: 'Connections' });
  await section.getByRole('button', { name: 'Watch a flag file' }).click();
  const form = section.getByRole('form', { name: 'New flag file' });
  await form.getByRole('textbox', { name: 'Name' }).fill('Shop flags');
  await form.getByRole('textbox', { name: 'File' }).fill('flags.json');
  await form.getByRole('button', { name: 'Connect' }).click();
  await expect(form).toContainText('the whole path of a file');
  await form.getByRole('textbox', { name: 'File' }).fill('/srv/flags.json');
  await form.getByRole('button', { name: 'Connect' }).click();
  await expect(section.getByRole('listitem').filter({ hasText: 'Shop flags' })).toContainText(
    '/srv/flags.json',
  );
  await section.getByRole('button', { name: 'Add a connection' }).click();
  const system = section.getByRole('form', { name: 'New connection' });
  await system.getByLabel('Kind').selectOption('LaunchDarkly');
  await system.getByRole('textbox', { name: 'Projects' }).fill('shop');
  await look(app, 'launchdarkly', 'Connections');
});
