import { expect, startDrill, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });

    test('past incidents, a question, and why something was suggested, free of what axe can find', async ({
      app,
    }) => {
      const card = await startDrill(app);
      await app.getByRole('tab', { name: 'Memory' }).click();
      const similar = app.getByRole('list', { name: 'Similar incidents' });
      await expect(
        similar.getByRole('button', { name: /Payments fail after a deploy.*62 % alike/ }),
      ).toHaveAttribute('aria-expanded', 'true');
      await expect(similar.getByRole('row', { name: /Services/ })).toContainText('storefront');
      await expect(app.getByRole('img', { name: /^Reliability/ })).toBeVisible();
      await app.getByRole('searchbox', { name: 'Search past drills' }).fill('rolling');
      await app.keyboard.press('Enter');
      await expect(app.getByRole('article', { name: /^Past incident: Payments fail/ })).toBeVisible();
      expect(await violations(app), 'memory').toEqual([]);

      await app.getByRole('tab', { name: 'Analyst' }).click();
      await app
        .getByRole('textbox', { name: 'Ask a question' })
        .fill('what changed on payments since 09:00?');
      await app.getByRole('button', { name: 'Ask', exact: true }).click();
      const answer = app.getByRole('list', { name: 'Answer' });
      await expect(answer).toContainText('payments 1.41');
      expect(await violations(app), 'answer').toEqual([]);

      await card.getByRole('button', { name: 'Why this?' }).click();
      const why = app.getByRole('dialog', { name: 'Why this was suggested' });
      await expect(why).toContainText('The error rate rose two minutes after it');
      expect(await violations(app), 'why').toEqual([]);
      await why.getByRole('link', { name: 'entry 40' }).click();
      await expect(app.getByRole('heading', { name: 'Ledger', level: 1 })).toBeVisible();
      await expect(app.getByRole('region', { name: 'Entry 40' })).toBeVisible();
      await app.getByRole('link', { name: 'Back to all entries' }).click();
      await expect(app.getByRole('region', { name: 'Entry 40' })).toHaveCount(0);
    });
  });
}

test('closing an incident asks for its cause, which can be corrected afterwards', async ({ app, host }) => {
  await startDrill(app);
  await app.keyboard.press('Control+k');
  await app.keyboard.type('close the incident');
  await app.keyboard.press('Enter');
  const dialog = app.getByRole('dialog', { name: 'Close the incident?' });
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('rolled back');
  await dialog
    .getByRole('combobox', { name: 'What was the cause?' })
    .selectOption('Something else: say what');
  await expect(dialog.getByRole('button', { name: 'Close the incident' })).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'What it was' }).fill('The card network');
  await dialog.getByRole('textbox', { name: 'What helped', exact: true }).fill('Waiting');
  expect(await violations(app), 'close').toEqual([]);
  await dialog.getByRole('button', { name: 'Close the incident' }).click();
  await expect(dialog).toBeHidden();
  expect(host.asked.findLast(({ name }) => name === 'incidents.close')?.input).toMatchObject({
    review: { cause: { as: 'outside', what: 'The card network' }, helped: 'Waiting' },
  });

  await app.getByRole('tab', { name: 'Memory' }).click();
  await app.getByRole('button', { name: 'Correct it…' }).click();
  await app.getByRole('combobox', { name: 'What was the cause?' }).selectOption('It was not found');
  await app.getByRole('button', { name: 'Confirm the cause' }).click();
  await expect(app.getByRole('button', { name: 'Correct it…' })).toBeVisible();
  expect(host.asked.findLast(({ name }) => name === 'memory.confirm')?.input).toMatchObject({
    review: { cause: { as: 'unknown' } },
  });
});
