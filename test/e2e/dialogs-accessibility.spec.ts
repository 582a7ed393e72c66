import type { Page } from '@playwright/test';
import { expect, startDrill, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

/** Looks a dialog over and leaves it by the keyboard. */
async function look(app: Page, name: string | RegExp) {
  const dialog = app.getByRole('dialog', { name }).or(app.getByRole('alertdialog', { name }));
  await expect(dialog).toBeVisible();
  expect(await violations(app), String(name)).toEqual([]);
  await app.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
}

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });

    test('every dialog of the room is free of what axe can find', async ({ app, host }) => {
      const card = await startDrill(app);
      await card.getByRole('button', { name: 'Deny' }).click();
      await look(app, 'Deny this proposal');

      const candidates = app.getByRole('list', { name: 'Candidates' });
      await candidates.getByRole('button').first().click();
      await app.getByRole('button', { name: 'Rule out…' }).first().click();
      await look(app, 'Rule this change out?');
      await app.getByRole('button', { name: 'Table', exact: true }).click();
      expect(await violations(app), 'the graph as a table').toEqual([]);

      await app.getByRole('button', { name: 'This does not smell right' }).click();
      await look(app, 'This does not smell right');

      await app.keyboard.press('?');
      await look(app, 'All keys');
      await app.keyboard.press('h');
      await look(app, 'Hand over');

      host.setStatus({ stop: { stopped: true, by: 'Mina', reason: 'too fast', atMs: Date.now() } });
      await app.getByRole('button', { name: 'Lift the stop' }).first().click();
      await look(app, 'Lift the stop?');
    });

    test('every dialog of the other places is free of what axe can find', async ({ app }) => {
      await app.getByRole('button', { name: 'New incident' }).first().click();
      await look(app, 'New incident');
      await app.getByRole('button', { name: 'Open a case file' }).click();
      await look(app, 'Open a case file');

      await startDrill(app);
      await app.getByRole('link', { name: 'Report', exact: true }).click();
      await app.getByRole('button', { name: 'Close the incident…' }).click();
      await look(app, 'Close the incident?');
      await app.getByRole('link', { name: 'Ledger', exact: true }).click();
      await app.getByRole('button', { name: 'Export a bundle' }).click();
      await look(app, 'Export a bundle');
      await app.getByRole('button', { name: 'Change the signing key' }).click();
      await look(app, 'Change the signing key?');
      await app.getByRole('button', { name: 'Weekly review' }).click();
      await expect(app.getByRole('button', { name: 'Weekly review' })).toHaveAttribute(
        'aria-pressed',
        'true',
      );
      expect(await violations(app), 'weekly review').toEqual([]);
    });
  });
}

for (const vault of ['locked', 'new'] as const) {
  test.describe(`with a ${vault} vault`, () => {
    test.use({ hostOptions: { stepMs: 60, vault } });

    test('the dialog that asks for its passphrase is free of what axe can find', async ({ app }) => {
      const card = await startDrill(app);
      await card.getByRole('button', { name: 'Approve' }).click();
      const confirm = app.getByRole('dialog', { name: 'Confirm approval' });
      await confirm.getByRole('textbox', { name: /^Type / }).fill('payments');
      await confirm.getByRole('button', { name: 'Approve' }).click();
      await look(app, vault === 'locked' ? 'Unlock the vault' : 'Choose a passphrase for the vault');
    });
  });
}
