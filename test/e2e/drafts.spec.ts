import type { Locator, Page } from '@playwright/test';
import { expect, startDrill, test } from './room-with-fake-host.ts';

/** What a browser says of requests that fail is no complaint of the screen. */
test.use({ expectedComplaint: /net::ERR_|WebSocket/, reducedMotion: 'reduce' });

type Written = {
  what: string;
  /** Goes to where it is written, from anywhere and with no dialog open, and gives the box. */
  box(app: Page): Promise<Locator>;
  /** The button that sends it. */
  send: string;
};

const go = (app: Page, place: string) => app.getByRole('link', { name: place, exact: true }).click();
const press = (app: Page, name: string) => app.getByRole('button', { name, exact: true }).first().click();

/** A box in a dialog that a button of a place opens. */
const asked =
  (place: string, button: string, label: string | RegExp) =>
  async (app: Page): Promise<Locator> => {
    await go(app, place);
    await press(app, button);
    return app.getByRole('dialog').getByRole('textbox', { name: label });
  };

const IN_A_DIALOG: readonly Written[] = [
  { what: 'why it is denied', box: asked('Room', 'Deny', 'Reason'), send: 'Deny it' },
  {
    what: 'what does not fit',
    box: asked('Room', 'This does not smell right', 'What does not fit'),
    send: 'Challenge it',
  },
  { what: 'to whom it is handed', box: asked('Room', 'Hand over…', 'To whom'), send: 'Hand it over' },
  { what: 'what was done about it', box: asked('Room', 'Close…', 'Reason'), send: 'Close the escalation' },
  { what: 'why it is stopped', box: asked('Room', 'Stop everything', 'Reason'), send: 'Stop now' },
  {
    what: 'what ended it',
    box: asked('Report', 'Close the incident…', 'Reason'),
    send: 'Close the incident',
  },
  { what: 'a new incident', box: asked('Incidents', 'New incident', 'Title'), send: 'Open the incident' },
];

/** Nothing of what is written stands open: as after a dialog that something took away. */
async function leave(app: Page): Promise<void> {
  await app.keyboard.press('Escape');
  await expect(app.getByRole('dialog')).toHaveCount(0);
}

const draftsOf = (app: Page) =>
  app.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('countersign.draft.')));

test('what is asked for in a dialog is still there after the host was away, another place and a reload, and gone once sent', async ({
  app,
  served,
}) => {
  test.slow();
  await startDrill(app);
  await app.getByRole('button', { name: 'Take it' }).click();
  for (const { what, box } of IN_A_DIALOG) {
    const written = await box(app);
    await written.fill(what);
    await leave(app);
  }

  served.goAway();
  const lost = app.getByText('The connection to Countersign is lost');
  await expect(lost).toBeVisible();
  const denial = await IN_A_DIALOG[0]?.box(app);
  if (!denial) throw new Error('the table has rows');
  await expect(denial).toHaveValue('why it is denied');
  await denial.press('Enter');
  await expect(app.getByRole('dialog').getByRole('alert')).toContainText('did not answer');
  await expect(denial).toHaveValue('why it is denied');
  await leave(app);
  served.comeBack();
  await expect(lost).toBeHidden({ timeout: 15_000 });
  await app.reload();

  for (const { what, box, send } of IN_A_DIALOG) {
    await test.step(what, async () => {
      await expect(await box(app)).toHaveValue(what);
      await app.getByRole('dialog').getByRole('button', { name: send }).click();
      await expect(app.getByRole('dialog')).toHaveCount(0);
    });
  }
  expect(await draftsOf(app)).toEqual([]);
});

test('Cancel gives up what was written, and nothing else does', async ({ app }) => {
  await startDrill(app);
  await app.getByRole('button', { name: 'Deny' }).click();
  const dialog = app.getByRole('dialog', { name: 'Deny this proposal' });
  await dialog.getByRole('textbox').fill('The errors began before');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await app.getByRole('button', { name: 'Deny' }).click();
  await expect(dialog.getByRole('textbox')).toHaveValue('The errors began before');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await app.getByRole('button', { name: 'Deny' }).click();
  await expect(dialog.getByRole('textbox')).toHaveValue('');
  expect(await draftsOf(app)).toEqual([]);
});

test('a question, a note that is written anew, a revision and an action proposed by hand are kept until they are sent', async ({
  app,
  host,
}) => {
  const card = await startDrill(app);
  const [shown] = host.drillProposals();
  if (!shown) throw new Error('the drill has a proposal');
  host.put({
    ...shown,
    action: 'scale-workload',
    arguments: { namespace: 'shop', name: 'payments', replicas: 4 },
  });
  host.call('timeline.addNote', { incident: 'inc-1', text: 'The pool is full' });
  const note = app.getByRole('feed').getByRole('article').filter({ hasText: 'The pool is full' });
  const anew = app.getByRole('textbox', { name: 'Text of the note' });
  const question = app.getByRole('textbox', { name: 'Ask a question' });
  const dialog = app.getByRole('dialog');

  await note.getByRole('button').first().click();
  await note.getByRole('button', { name: 'Edit note' }).click();
  await anew.fill('The pool was full');
  await app.getByRole('tab', { name: 'Analyst' }).click();
  await question.fill('What changed on checkout?');
  await card.getByRole('button', { name: 'Revise' }).click();
  await dialog.getByRole('textbox', { name: 'replicas' }).fill('7');
  await dialog.getByRole('textbox', { name: 'Why' }).fill('Four are too few');
  await leave(app);
  await press(app, 'Propose an action…');
  await dialog.getByRole('textbox', { name: 'replicas' }).fill('9');
  await dialog.getByRole('textbox', { name: 'Threshold' }).fill('2 %');
  await dialog.getByRole('textbox', { name: 'Why' }).fill('Nine would do');
  await leave(app);

  await go(app, 'Ledger');
  await app.reload();
  await go(app, 'Room');
  await app.getByRole('tab', { name: 'Analyst' }).click();
  await expect(question).toHaveValue('What changed on checkout?');
  await question.press('Enter');
  await expect(question).toHaveValue('');
  await note.getByRole('button').first().click();
  await expect(anew).toHaveValue('The pool was full');
  await app.getByRole('button', { name: 'Save note' }).click();
  await expect(app.getByRole('feed')).toContainText('The pool was full');
  await press(app, 'Propose an action…');
  await expect(dialog.getByRole('textbox', { name: 'replicas' })).toHaveValue('9');
  await expect(dialog.getByRole('textbox', { name: 'Threshold' })).toHaveValue('2 %');
  await expect(dialog.getByRole('textbox', { name: 'Why' })).toHaveValue('Nine would do');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await card.getByRole('button', { name: 'Revise' }).click();
  await expect(dialog.getByRole('textbox', { name: 'replicas' })).toHaveValue('7');
  await expect(dialog.getByRole('textbox', { name: 'Why' })).toHaveValue('Four are too few');
  await dialog.getByRole('textbox', { name: 'name', exact: true }).fill('payments');
  await dialog.getByRole('button', { name: 'Propose the revision' }).click();
  await expect(dialog).toHaveCount(0);
  expect(await draftsOf(app)).toEqual([]);
});

test('a note that is written while another is being kept is not taken away by its answer', async ({
  app,
  served,
}) => {
  await startDrill(app);
  const note = app.getByRole('textbox', { name: 'Note' });
  served.hold('timeline.addNote');
  await note.fill('The first');
  await note.press('Enter');
  await note.fill('The second');
  served.letGo('timeline.addNote');
  await expect(app.getByRole('feed')).toContainText('The first');
  await expect(app.getByRole('button', { name: 'Add note' })).toBeEnabled();
  await expect(note).toHaveValue('The second');
});

test('the note of a week, and the settings that are being written, are kept; what is secret never is', async ({
  app,
}) => {
  const SECRET = 'correct-horse-battery';
  await go(app, 'Ledger');
  await press(app, 'Weekly review');
  const week = app.getByRole('textbox', { name: 'What follows from it (optional)' });
  await week.fill('Limit the pool');

  await go(app, 'Settings');
  await press(app, 'Add a connection');
  const connection = app.getByRole('form', { name: 'New connection' });
  await connection.getByRole('textbox', { name: 'Name' }).fill('Metrics of the shop');
  await connection.getByRole('textbox', { name: 'URL' }).fill('https://prometheus.example.com');
  await connection.getByLabel('Credentials').selectOption('basic');
  await connection.getByRole('textbox', { name: 'User' }).fill('reader');
  await connection.getByLabel('Password').fill(SECRET);
  await connection.getByText('Tenant and certificates').click();
  await connection.getByRole('textbox', { name: 'Tenant' }).fill('shop');
  await connection.getByRole('textbox', { name: 'Client key' }).fill(SECRET);
  const model = app.getByRole('form', { name: 'Model settings' });
  await model.getByRole('textbox', { name: 'Model' }).fill('another-model');
  await model.getByRole('spinbutton', { name: 'Turns' }).fill('');
  const key = app.getByRole('form', { name: 'Key of the server' }).getByLabel('Key');
  await key.fill(SECRET);
  await press(app, 'Add a webhook');
  const webhook = app.getByRole('form', { name: 'New webhook' });
  await webhook.getByRole('textbox', { name: 'Name' }).fill('on-call channel');
  await webhook.getByLabel('Address of the webhook').fill(`https://chat.example.com/${SECRET}`);
  const link = app.getByRole('textbox', { name: 'Links in messages lead to' });
  await link.fill('https://incidents.example.com');
  await press(app, 'Add a person');
  const person = app.getByRole('form', { name: 'Add a person' });
  await person.getByRole('textbox', { name: 'Name' }).fill('Jo');
  await person.getByLabel('Their passphrase', { exact: true }).fill(SECRET);
  const own = app.getByRole('textbox', { name: 'Your name' });
  await own.fill('Mina K.');

  await go(app, 'Incidents');
  await app.reload();
  expect(await app.evaluate(() => JSON.stringify(sessionStorage))).not.toContain(SECRET);

  await go(app, 'Ledger');
  await press(app, 'Weekly review');
  await expect(week).toHaveValue('Limit the pool');
  await go(app, 'Settings');
  await expect(connection.getByRole('textbox', { name: 'Name' })).toHaveValue('Metrics of the shop');
  await expect(connection.getByRole('textbox', { name: 'URL' })).toHaveValue(
    'https://prometheus.example.com',
  );
  await expect(connection.getByRole('textbox', { name: 'User' })).toHaveValue('reader');
  await expect(connection.getByLabel('Password')).toHaveValue('');
  await connection.getByText('Tenant and certificates').click();
  await expect(connection.getByRole('textbox', { name: 'Tenant' })).toHaveValue('shop');
  await expect(connection.getByRole('textbox', { name: 'Client key' })).toHaveValue('');
  await expect(model.getByRole('textbox', { name: 'Model' })).toHaveValue('another-model');
  await expect(model.getByRole('spinbutton', { name: 'Turns' })).toHaveValue('');
  await expect(model).toContainText('Not saved yet.');
  await expect(key).toHaveValue('');
  await expect(webhook.getByRole('textbox', { name: 'Name' })).toHaveValue('on-call channel');
  await expect(webhook.getByLabel('Address of the webhook')).toHaveValue('');
  await expect(link).toHaveValue('https://incidents.example.com');
  await expect(person.getByRole('textbox', { name: 'Name' })).toHaveValue('Jo');
  await expect(person.getByLabel('Their passphrase', { exact: true })).toHaveValue('');
  await expect(own).toHaveValue('Mina K.');

  await model.getByRole('button', { name: 'Leave as it was' }).click();
  await expect(model.getByRole('textbox', { name: 'Model' })).toHaveValue('claude-opus-5');
  await connection.getByLabel('Password').fill(SECRET);
  await connection.getByRole('button', { name: 'Connect' }).click();
  await expect(connection).toBeHidden();
  await webhook.getByRole('button', { name: 'Cancel' }).click();
  await person.getByRole('button', { name: 'Cancel' }).click();
  await app.getByRole('form', { name: 'Where links lead' }).getByRole('button', { name: 'Keep' }).click();
  await press(app, 'Save the name');
  await go(app, 'Ledger');
  await press(app, 'Weekly review');
  await press(app, 'Sign off this week');
  await expect(week).toHaveCount(0);
  expect(await draftsOf(app)).toEqual([]);
});
