import type { Page } from '@playwright/test';
import { expect, startDrill, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

async function look(page: Page, name: string) {
  await page.screenshot({ path: `test-results/places-${name}.png` });
  expect(await violations(page), name).toEqual([]);
}

const SEEN = [
  { colorScheme: 'dark', viewport: { width: 1280, height: 720 } },
  { colorScheme: 'light', viewport: { width: 1920, height: 1080 } },
] as const;

for (const seen of SEEN) {
  const as = `${seen.colorScheme}-${seen.viewport.width}`;
  test.describe(as, () => {
    test.use({ ...seen, reducedMotion: 'reduce', permissions: ['clipboard-read', 'clipboard-write'] });

    test('a first-time user begins in one of three ways, and ranks a case file', async ({ app }) => {
      await look(app, `${as}-first`);
      await app.getByRole('button', { name: 'Open a case file' }).click();
      const choose = app.getByRole('dialog', { name: 'Open a case file' });
      await expect(choose.getByRole('button', { name: 'Rank it' })).toBeDisabled();
      await choose
        .getByLabel('Case file', { exact: true })
        .setInputFiles({ name: 'monday.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
      await choose.getByRole('button', { name: 'Rank it' }).click();
      const ranked = app.getByRole('dialog', { name: 'What the case file says' });
      await expect(ranked).toContainText('monday.json');
      await expect(ranked).toContainText('41 changes → 4 worth reading');
      await expect(ranked.getByRole('list', { name: 'Candidates' }).getByRole('listitem')).toHaveCount(4);
      await look(app, `${as}-case`);
      await ranked.getByRole('button', { name: 'Done' }).click();
      await app.getByRole('button', { name: 'Connect a system' }).click();
      await expect(app.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
    });

    test('an incident is handed over in one key, its escalation taken, and both found at home', async ({
      app,
    }) => {
      await startDrill(app);
      const escalations = app.getByRole('region', { name: 'Escalations' });
      await escalations.getByRole('button', { name: 'Take it' }).click();
      await expect(escalations).toContainText('With ');
      await escalations.getByRole('button', { name: 'Hand over' }).click();
      const to = app.getByRole('dialog', { name: 'Hand the escalation over?' });
      await to.getByRole('textbox', { name: 'To whom' }).fill('Jo');
      await to.getByRole('button', { name: 'Hand it over' }).click();
      await expect(escalations).toContainText('With Jo');
      await expect(to).toBeHidden();

      await app.keyboard.press('h');
      const dialog = app.getByRole('dialog', { name: 'Hand over', exact: true });
      await expect(dialog.getByRole('heading', { name: 'Do next' })).toBeVisible();
      await expect(dialog).toContainText('Copied as Markdown.');
      expect(await app.evaluate(() => navigator.clipboard.readText())).toContain('## Do next');
      await look(app, `${as}-hand-over`);
      await dialog.getByRole('button', { name: 'Done' }).click();

      await app.getByRole('link', { name: 'Incidents', exact: true }).click();
      await expect(app.getByRole('region', { name: 'Escalation backlog' })).toContainText('With Jo');
      await app.getByRole('searchbox', { name: 'Search incidents' }).fill('no such words');
      await expect(app.getByRole('region', { name: 'Open incidents' })).toContainText('None that is open');
      await app.getByRole('button', { name: 'Show all' }).click();
      await expect(app.getByRole('region', { name: 'Open incidents' })).toContainText(
        'Errors and slow pages',
      );
      await look(app, `${as}-home`);
    });

    test('the ledger proves an entry, charts denials, and its week is signed off', async ({ app }) => {
      await app.getByRole('link', { name: 'Ledger', exact: true }).click();
      await expect(
        app.getByRole('region', { name: 'Denials' }).getByRole('img', { name: /denials by the guard/ }),
      ).toBeVisible();
      await look(app, `${as}-ledger`);
      await app.getByRole('link', { name: 'Proof of entry 60' }).click();
      const entry = app.getByRole('region', { name: 'Entry 60', exact: true });
      await entry.getByRole('button', { name: 'Show the proof' }).click();
      await expect(app.getByRole('region', { name: 'Proof of entry 60' })).toContainText('tlog-proof@v1');
      await app.getByRole('button', { name: 'Copy the proof' }).click();
      expect(await app.evaluate(() => navigator.clipboard.readText())).toContain('index 60');

      await app.getByRole('button', { name: 'Weekly review' }).click();
      const review = app.getByRole('region', { name: 'Weekly review' });
      for (const [part, said] of [
        ['What happened', '3 actions executed, 2 helped'],
        ['What was denied', 'Delete all pods of payments'],
        ['What waited too long', 'waited 31 min, target 15 min'],
        ['What the analyst got wrong', 'confirmed in 1 of 2'],
      ] as const)
        await expect(review.getByRole('region', { name: part })).toContainText(said);
      await look(app, `${as}-review`);
      await review.getByRole('textbox').fill('Tune the alert');
      await review.getByRole('button', { name: 'Sign off this week' }).click();
      await expect(review.getByRole('region', { name: 'Sign-off' })).toContainText('“Tune the alert”');
      await review.getByRole('link', { name: 'Entry 61' }).click();
      await expect(app.getByRole('region', { name: 'Entry 61', exact: true })).toBeVisible();
    });
  });
}
