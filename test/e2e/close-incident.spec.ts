import { expect, startDrill, test } from './room-with-fake-host.ts';

const TITLE = 'Fail over the card gateway';

test('the dialog that closes an incident names the escalations that wait, and they leave every list with it', async ({
  app,
}) => {
  await startDrill(app);
  const escalations = app.getByRole('region', { name: 'Escalations' });
  const waiting = escalations.getByRole('button', { name: 'Take it' });
  await expect(waiting).toHaveCount(1);

  const home = app.getByRole('link', { name: 'Incidents', exact: true });
  const backlog = app.getByRole('region', { name: 'Escalation backlog' });
  await home.click();
  await backlog.getByRole('button', { name: TITLE }).click();
  await expect(waiting).toHaveCount(1);

  await app.keyboard.press('Control+k');
  await app.keyboard.type('close the incident');
  await app.keyboard.press('Enter');
  const dialog = app.getByRole('dialog', { name: 'Close the incident?' });
  await expect(dialog).toContainText('1 escalation of it still open, and closed with it:');
  await expect(dialog.getByRole('listitem')).toHaveText([TITLE]);
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('the card network is back');
  await dialog.getByRole('button', { name: 'Close the incident' }).click();
  await expect(dialog).toBeHidden();

  await expect(waiting).toHaveCount(0);
  await escalations.getByText('Closed (1)').click();
  await expect(escalations.getByRole('listitem').filter({ hasText: TITLE })).toContainText(
    'The incident is closed: the card network is back',
  );

  // The page kept what it had read before, so that it is empty only once it was told and has read again.
  await home.click();
  await expect(app.getByRole('button', { name: 'Run a drill' })).toBeVisible();
  await expect(backlog).toBeHidden();
});

test('an incident for which nobody waits is closed without a word about escalations', async ({ app }) => {
  await startDrill(app);
  const escalations = app.getByRole('region', { name: 'Escalations' });
  await escalations.getByRole('button', { name: 'Close' }).click();
  const one = app.getByRole('dialog', { name: 'Close the escalation?' });
  await one.getByRole('textbox', { name: 'Reason' }).fill('failed over');
  await one.getByRole('button', { name: 'Close the escalation' }).click();
  await escalations.getByText('Closed (1)').waitFor();

  await app.keyboard.press('Control+k');
  await app.keyboard.type('close the incident');
  await app.keyboard.press('Enter');
  const dialog = app.getByRole('dialog', { name: 'Close the incident?' });
  await expect(dialog.getByRole('textbox', { name: 'Reason' })).toBeVisible();
  await expect(dialog).not.toContainText('closed with it');
});
