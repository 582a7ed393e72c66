import { expect, startDrill, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce', viewport: { width: 1280, height: 720 } });

    test('a drill from its choice to its debrief is free of what axe can find', async ({ app }) => {
      await app.getByRole('button', { name: 'Run a drill' }).click();
      const dialog = app.getByRole('dialog', { name: 'Run a drill' });
      await dialog.getByText('More', { exact: true }).click();
      await dialog.getByRole('textbox', { name: 'Seed' }).fill('half a dozen');
      await expect(dialog.getByRole('button', { name: 'Start the drill' })).toBeDisabled();
      expect(await violations(app), 'choice').toEqual([]);
      await app.keyboard.press('Escape');

      await startDrill(app);
      await app.getByRole('button', { name: 'Pause' }).click();
      await app.getByRole('button', { name: 'Resume' }).waitFor();
      expect(await violations(app), 'paused').toEqual([]);
      await app.getByRole('button', { name: 'End drill' }).click();
      await app.getByRole('dialog', { name: 'End the drill?' }).waitFor();
      expect(await violations(app), 'question').toEqual([]);
      await app.getByRole('button', { name: 'End the drill' }).click();
      await app.getByRole('region', { name: 'Score' }).waitFor();
      expect(await violations(app), 'debrief').toEqual([]);
      for (const viewport of [
        { width: 1280, height: 720 },
        { width: 1920, height: 1080 },
        { width: 1000, height: 720 },
      ]) {
        await app.setViewportSize(viewport);
        const sideways = await app.evaluate(() => {
          const page = document.querySelector('.page');
          return page ? page.scrollWidth - page.clientWidth : Number.NaN;
        });
        expect(sideways, `nothing is cut at ${viewport.width}`).toBe(0);
      }
      await app.getByRole('link', { name: 'Incidents', exact: true }).click();
      await app.getByRole('link', { name: 'Debrief: 72' }).waitFor();
      expect(await violations(app), 'home').toEqual([]);
    });
  });
}

test('a scenario is found by its words and its difficulty, and the choice follows what is shown', async ({
  app,
  host,
}) => {
  await app.getByRole('button', { name: 'Run a drill' }).click();
  const dialog = app.getByRole('dialog', { name: 'Run a drill' });
  const radios = dialog.getByRole('radio');
  await expect(radios).toHaveCount(5);
  await expect(dialog.getByText(/^best 58 of 2 drills$/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Difficulty 3' }).click();
  await expect(radios).toHaveCount(2);
  await dialog.getByRole('searchbox', { name: 'Search' }).fill('carts empty');
  await expect(radios).toHaveCount(1);
  await expect(radios).toBeChecked();
  await expect(dialog.getByRole('status')).toHaveText('1 of 5 scenarios');
  await dialog.getByText('More', { exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Seed' }).fill('42');
  await dialog.getByRole('button', { name: 'Start the drill' }).click();
  await expect(dialog).toBeHidden();
  expect(host.asked.findLast(({ name }) => name === 'drills.start')?.input).toEqual({
    scenario: 'bad-flag',
    seed: 42,
  });
});
