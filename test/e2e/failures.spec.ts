import type { Page } from '@playwright/test';
import { expect, startDrill, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

const lost = (app: Page) => app.getByText('The connection to Countersign is lost');

/** What a browser says of requests that fail is no complaint of the screen. */
test.use({ expectedComplaint: /net::ERR_|WebSocket/ });

test('a host that goes while a note, an approval and a section are written takes none of them away', async ({
  app,
  host,
  served,
}) => {
  // The screen waits longer from try to try, and the host is lost three times.
  test.slow();
  const card = await startDrill(app);
  const note = app.getByRole('textbox', { name: 'Note' });
  await note.fill('The pool is full since');
  served.goAway();
  await expect(lost(app)).toBeVisible();
  host.call('timeline.addNote', { incident: 'inc-1', text: 'written while nobody listened' });
  await note.press('End');
  await app.keyboard.type(' noon');
  await app.keyboard.press('Enter');
  await expect(app.getByText('Countersign itself did not answer').first()).toBeVisible();
  expect(await violations(app), 'without the host').toEqual([]);
  served.comeBack();
  await expect(lost(app)).toBeHidden({ timeout: 15_000 });
  await expect(app.getByRole('feed')).toContainText('written while nobody listened');
  await expect(note).toHaveValue('The pool is full since noon');

  await card.getByRole('button', { name: 'Approve' }).click();
  const dialog = app.getByRole('dialog', { name: 'Confirm approval' });
  await dialog.getByRole('textbox', { name: 'Type payments to confirm' }).fill('paym');
  served.goAway();
  await expect(lost(app)).toBeVisible();
  served.comeBack();
  await expect(lost(app)).toBeHidden({ timeout: 15_000 });
  await expect(dialog.getByRole('textbox', { name: 'Type payments to confirm' })).toHaveValue('paym');
  await app.keyboard.press('Escape');

  await app.getByRole('link', { name: 'Report' }).click();
  await app.getByRole('button', { name: 'Write Follow-ups' }).click();
  const section = app.getByRole('textbox', { name: 'Text of Follow-ups' });
  await section.fill('Limit the pool');
  served.goAway();
  await expect(lost(app)).toBeVisible();
  await app.getByRole('button', { name: 'Save' }).click();
  await expect(app.getByText('Countersign itself did not answer').first()).toBeVisible();
  served.comeBack();
  await expect(lost(app)).toBeHidden({ timeout: 15_000 });
  await expect(section).toHaveValue('Limit the pool');

  // A tab that is loaded anew, as after a new sign-in, still has both.
  await app.reload();
  await expect(section).toHaveValue('Limit the pool');
  await app.getByRole('button', { name: 'Save' }).click();
  await expect(app.getByRole('region', { name: 'Follow-ups' })).toContainText('Written by Mina');
  await app.getByRole('link', { name: 'Room' }).click();
  await expect(note).toHaveValue('The pool is full since noon');
  await note.press('Enter');
  await expect(note).toHaveValue('');
  await app.reload();
  await expect(app.getByRole('feed')).toContainText('The pool is full since noon');
  await expect(note).toHaveValue('');
});

test.describe('a panel that cannot be drawn', () => {
  test.use({ expectedComplaint: /this canvas cannot be drawn on/ });

  test('says so and leaves the others alive', async ({ app }) => {
    await startDrill(app);
    await app.evaluate(() => {
      HTMLCanvasElement.prototype.getContext = () => {
        throw new Error('this canvas cannot be drawn on');
      };
    });
    await app.getByRole('tab', { name: 'Metrics' }).click();
    await expect(app.getByText('The metrics could not be drawn')).toBeVisible();
    expect(await violations(app), 'without metrics').toEqual([]);
    await app.getByRole('textbox', { name: 'Note' }).fill('Metrics are gone');
    await app.keyboard.press('Enter');
    await expect(app.getByRole('feed')).toContainText('Metrics are gone');
    await app.getByRole('tab', { name: 'Correlation' }).click();
    await expect(app.getByRole('list', { name: 'Candidates' })).toBeVisible();
    await app
      .getByRole('article', { name: /^Proposal: / })
      .getByRole('button', { name: 'Approve' })
      .click();
    await expect(app.getByRole('dialog', { name: 'Confirm approval' })).toBeVisible();
  });
});

test('a room that cannot be read says so, and is there when it is asked for again', async ({ app, host }) => {
  const { id } = host.openIncident('Nothing answers');
  await app.route('**/call', async (route) => {
    const { name } = route.request().postDataJSON() as { name: string };
    const failed = { ok: false, code: 'storage', message: 'The data file could not be read.' };
    return name === 'incidents.room' ? route.fulfill({ json: failed }) : route.continue();
  });
  await app.evaluate((incident) => location.assign(`#/room/${incident}`), id);
  await expect(app.getByRole('alert').filter({ hasText: 'The room could not be read' })).toContainText(
    'The data file could not be read.',
  );
  expect(await violations(app), 'without the room').toEqual([]);
  await app.unrouteAll();
  await app.getByRole('button', { name: 'Try again' }).click();
  for (const words of ['Nothing has been heard yet.', 'No service is known yet.', 'No hypothesis yet.'])
    await expect(app.getByText(words)).toBeVisible();
  await expect(app.getByText('Nothing to decide.')).toBeVisible();
  await expect(app.getByRole('link', { name: 'Connect a system' })).toHaveAttribute('href', '#/settings');
  expect(await violations(app), 'an empty room').toEqual([]);
});
