import { expect, startDrill, test } from './room-with-fake-host.ts';

test('the first Tab of a page skips its bars, and going somewhere puts the focus there', async ({ app }) => {
  await app.keyboard.press('Tab');
  const skip = app.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await app.keyboard.press('Enter');
  const main = app.getByRole('main');
  await expect(main).toBeFocused();
  await expect(app.getByRole('heading', { name: 'Incidents', level: 1 })).toBeVisible();

  // By a dialog that closes, by key, by link, and by the way back.
  await startDrill(app);
  await expect(main).toHaveAccessibleName('The room');
  await expect(main).toBeFocused();
  await app.keyboard.press('g');
  await app.keyboard.press('l');
  await expect(main).toHaveAccessibleName('The ledger');
  await expect(main).toBeFocused();
  await app.getByRole('link', { name: 'Settings' }).click();
  await expect(main).toHaveAccessibleName('The settings');
  await expect(main).toBeFocused();
  await app.goBack();
  await expect(main).toHaveAccessibleName('The ledger');
  await expect(main).toBeFocused();
  await app.goBack();
  await expect(main).toHaveAccessibleName('The room');
  await expect(main).toBeFocused();

  // The next Tab goes on in the room, and its keys work from there.
  await app.keyboard.press('Tab');
  await expect(main.locator(':focus')).toHaveCount(1);
  await app.reload();
  await expect(app.getByRole('region', { name: 'Timeline' })).toBeVisible();
  await expect(main).toBeFocused();
  await app.keyboard.press('n');
  await expect(app.getByRole('textbox', { name: 'Note' })).toBeFocused();
});

test('nobody who types is taken away from it by an address that changes', async ({ app }) => {
  await startDrill(app);
  const note = app.getByRole('textbox', { name: 'Note' });
  await note.fill('half a sen');
  await app.evaluate(() => {
    location.hash = `${location.hash.split('?')[0]}?tab=metrics`;
  });
  await expect(app.getByRole('tab', { name: 'Metrics' })).toHaveAttribute('aria-selected', 'true');
  await expect(note).toBeFocused();
  await expect(note).toHaveValue('half a sen');
});

test('a reload and a link come back to the tab that was open, and Back leaves the room', async ({ app }) => {
  await startDrill(app);
  const tab = (name: string) => app.getByRole('tab', { name });
  await tab('Metrics').click();
  await tab('Memory').click();
  await expect(app).toHaveURL(/#\/room\/[^/?]+\?tab=memory$/);
  await app.reload();
  await expect(tab('Memory')).toHaveAttribute('aria-selected', 'true');

  // The link of the bar says no tab: the one that is open stays, and is named again.
  await app.getByRole('link', { name: 'Room' }).click();
  await expect(app).toHaveURL(/\?tab=memory$/);
  await app.keyboard.press('g');
  await app.keyboard.press('a');
  await expect(tab('Analyst')).toHaveAttribute('aria-selected', 'true');
  await expect(app).toHaveURL(/\?tab=analyst$/);
  const link = app.url();
  await tab('Correlation').click();
  await expect(app).not.toHaveURL(/tab=/);
  await app.evaluate((to) => location.assign(to), link);
  await expect(tab('Analyst')).toHaveAttribute('aria-selected', 'true');
});
