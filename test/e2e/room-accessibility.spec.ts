import { AxeBuilder } from '@axe-core/playwright';
import { expect, startDrill, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

for (const colorScheme of ['dark', 'light'] as const) {
  for (const viewport of [
    { width: 1280, height: 720 },
    { width: 1000, height: 720 },
  ]) {
    test.describe(`${colorScheme} at ${viewport.width}`, () => {
      test.use({ colorScheme, viewport, reducedMotion: 'reduce' });

      test('every place is free of what axe can find', async ({ app }) => {
        test.slow();
        expect(await violations(app), 'home, empty').toEqual([]);
        await app.getByRole('button', { name: 'Run a drill' }).click();
        await app.getByRole('button', { name: 'Start the drill' }).waitFor();
        expect(await violations(app), 'drill dialog').toEqual([]);
        await app.keyboard.press('Escape');

        await app.getByRole('button', { name: 'Run a drill' }).click();
        await app.getByRole('button', { name: 'Start the drill' }).click();
        await app.getByRole('tab', { name: 'Correlation' }).waitFor();
        await app.getByRole('list', { name: 'Candidates' }).waitFor();
        for (const tab of ['Correlation', 'Metrics', 'Analyst']) {
          await app.getByRole('tab', { name: tab }).click();
          await app.getByRole('region', { name: tab }).waitFor();
          expect(await violations(app), tab).toEqual([]);
        }
        if (viewport.width < 1200) {
          for (const column of ['Timeline', 'Command']) {
            await app.getByRole('button', { name: column, exact: true }).click();
            expect(await violations(app), column).toEqual([]);
          }
        }
        const card = app.getByRole('article', { name: 'Proposal: Roll back' });
        await card.getByRole('button', { name: 'Approve' }).click();
        expect(await violations(app), 'confirm approval').toEqual([]);
        await app.keyboard.press('Escape');
        for (const button of viewport.width < 1200 ? [] : ['Propose an action', 'Revise']) {
          await app.getByRole('button', { name: button }).first().click();
          await app.getByRole('textbox', { name: 'replicas' }).or(app.getByRole('alert')).waitFor();
          expect(await violations(app), button).toEqual([]);
          await app.keyboard.press('Escape');
        }

        for (const place of ['Incidents', 'Ledger', 'Report', 'Envelope', 'Settings']) {
          await app.getByRole('link', { name: place, exact: true }).click();
          await app
            .getByRole('heading', { name: place === 'Incidents' ? 'Incidents' : place, level: 1 })
            .waitFor();
          if (place === 'Settings') await app.getByRole('button', { name: 'Add a connection' }).click();
          if (place === 'Ledger') await app.getByRole('button', { name: 'Verify' }).click();
          expect(await violations(app), place).toEqual([]);
        }
        await app.keyboard.press('Control+k');
        await app.getByRole('dialog', { name: 'Command palette' }).waitFor();
        expect(await violations(app), 'palette').toEqual([]);
        await app.keyboard.press('Escape');
        await app.keyboard.press('Control+Shift+Period');
        await app.getByRole('dialog', { name: 'Stop everything?' }).waitFor();
        expect(await violations(app), 'stop dialog').toEqual([]);
        await app.keyboard.press('Enter');
        await app.getByText('Everything is stopped.').waitFor();
        expect(await violations(app), 'stopped').toEqual([]);
      });
    });
  }
}

test('what is wrong with a room is found at each look, all that axe finds by itself and nothing else', async ({
  app,
}) => {
  test.slow();
  await startDrill(app);
  expect(await violations(app)).toEqual([]);
  await app.evaluate(() => {
    const wrong = document.createElement('div');
    wrong.innerHTML = '<button></button><img><p>faint</p><input><ul><p>no item</p></ul>';
    // The policy of the page lets no markup bring a style of its own. Above all, as axe judges no colour that is hidden.
    Object.assign(wrong.style, {
      position: 'fixed',
      top: '0',
      zIndex: '9999',
      color: '#777',
      background: '#888',
    });
    document.querySelector('main')?.append(wrong);
  });
  const ruleOf = (line: string) => line.split(':')[0];
  const { violations: all } = await new AxeBuilder({ page: app }).analyze();
  const rules = all.map(({ id }) => id);
  expect(rules).toEqual(
    expect.arrayContaining(['button-name', 'color-contrast', 'image-alt', 'label', 'list']),
  );
  expect((await violations(app)).map(ruleOf)).toEqual(rules);
  await app.reload();
  await expect(app.getByRole('article', { name: /^Proposal/ }).first()).toBeVisible();
  expect(await violations(app)).toEqual([]);
});
