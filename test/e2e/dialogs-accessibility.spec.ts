import type { Locator, Page } from '@playwright/test';
import { breakerOf, lostStep } from '../fixtures/fake-host/trouble-fixture.ts';
import { expect, startDrill, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

/** Looks a dialog over, goes round in it and leaves it by the keyboard; the focus is where it came from again. */
async function look(app: Page, name: string | RegExp, opener?: Locator) {
  const dialog = app.getByRole('dialog', { name }).or(app.getByRole('alertdialog', { name }));
  await expect(dialog).toBeVisible();
  expect(await violations(app), String(name)).toEqual([]);
  // Its first stop: before it comes its last, and after that the first again.
  const first = dialog.getByRole('button', { name: 'Close', exact: true });
  await first.focus();
  await app.keyboard.press('Shift+Tab');
  await expect(dialog.locator(':focus'), `${name}: its last stop`).toHaveCount(1);
  await expect(first).not.toBeFocused();
  await app.keyboard.press('Tab');
  await expect(first).toBeFocused();
  await app.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  if (opener) await expect(opener).toBeFocused();
}

/** Opens a dialog by the keyboard alone and looks it over. */
async function open(app: Page, opener: Locator, name: string) {
  await opener.focus();
  await app.keyboard.press('Enter');
  await look(app, name, opener);
}

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });

    test('every dialog of the room is free of what axe can find', async ({ app, host }) => {
      test.slow();
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

    test('what a person says of an escalation, a lost step and a breaker is free of it too', async ({
      app,
      host,
    }) => {
      const card = await startDrill(app);
      const escalations = app.getByRole('region', { name: 'Escalations' });
      await escalations.getByRole('button', { name: 'Take it' }).click();
      await open(app, escalations.getByRole('button', { name: 'Hand over' }), 'Hand the escalation over?');
      await open(app, escalations.getByRole('button', { name: 'Close' }), 'Close the escalation?');

      const [shown] = host.drillProposals();
      if (!shown) throw new Error('the drill has a proposal');
      host.move(shown.id, lostStep());
      await open(app, card.getByRole('button', { name: 'It was applied' }), 'It was applied');
      await open(app, card.getByRole('button', { name: 'It was not' }), 'It was not applied');

      host.setStatus({ breakers: [breakerOf(shown.incident)] });
      await open(app, app.getByRole('button', { name: 'Close the breaker' }), 'Close the breaker?');
    });

    test('the reason for another model without a replay is asked for in a dialog free of it too', async ({
      app,
      served,
    }) => {
      served.fail('model.change', 'The model or its parameters changed. Replay them first.');
      await app.getByRole('link', { name: 'Settings', exact: true }).click();
      const model = app.getByRole('form', { name: 'Model settings' });
      await model.getByRole('textbox', { name: 'Model' }).fill('another-model');
      await model.getByRole('button', { name: 'Save' }).click();
      await open(
        app,
        model.getByRole('button', { name: 'Use it without a replay' }),
        'Use another model without a replay',
      );
    });

    test('every dialog of the other places is free of what axe can find', async ({ app }) => {
      test.slow();
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
