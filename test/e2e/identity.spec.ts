import type { Page } from '@playwright/test';
import { ProposalId } from '../../shared/vocabulary/ids.ts';
import { expect, startDrill, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

/** What axe finds, in the dark and in the light. */
async function inBothThemes(page: Page) {
  const all: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const violation of await violations(page)) all.push(`${colorScheme} ${violation}`);
  }
  return all;
}

/** Takes Bob in, by keyboard alone. */
async function addBob(page: Page) {
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  const identity = page.getByRole('region', { name: 'Identity' });
  await identity.getByRole('button', { name: 'Add a person' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Bob');
  await page.keyboard.press('Tab');
  await page.keyboard.type('his own words');
  await page.keyboard.press('Tab');
  await page.keyboard.type('his own words');
  await page.keyboard.press('Enter');
  await expect(identity.getByRole('button', { name: 'Switch to Bob' })).toBeVisible();
  return identity;
}

test.use({ colorScheme: 'dark', viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });

test('takes a person in, hands over and locks, free of what axe can find', async ({ app, host }) => {
  const identity = await addBob(app);
  await identity.getByRole('button', { name: 'Switch to Bob' }).click();
  await identity.getByLabel('Passphrase of Bob').fill('wrong passphrase');
  await app.keyboard.press('Enter');
  await expect(identity.getByRole('alert')).toContainText('not the passphrase');
  expect(await inBothThemes(app), 'switching').toEqual([]);
  await identity.getByLabel('Passphrase of Bob').fill('his own words');
  await app.keyboard.press('Enter');
  await expect(identity.getByRole('listitem').filter({ hasText: 'Bob' })).toContainText('At the controls');

  await identity.getByRole('combobox').selectOption('5');
  await identity.getByRole('button', { name: 'Lock now' }).click();
  await expect(identity.getByRole('button', { name: 'Unlock Bob' })).toBeVisible();
  expect(await inBothThemes(app), 'locked').toEqual([]);
  expect(host.asked).toContainEqual({ name: 'identity.lockAfter', input: { minutes: 5 } });
});

test('asks two people, each with a passphrase of their own', async ({ app, host }) => {
  await addBob(app);
  await app.getByRole('link', { name: 'Incidents', exact: true }).click();
  await startDrill(app);
  const [known] = host.drillProposals();
  if (known?.verdict.kind !== 'offer') throw new Error('The drill has an offer');
  host.put({
    ...known,
    id: ProposalId.parse('prop-two'),
    title: 'Drain the node that shop runs on',
    verdict: { ...known.verdict, tier: 'two-person' },
  });
  const card = app.getByRole('article', { name: 'Proposal: Drain the node' });
  await expect(card).toContainText('Two people must approve this');
  await card.getByRole('button', { name: 'Approve' }).click();
  const dialog = app.getByRole('dialog', { name: 'Confirm approval' });
  await expect(dialog.getByLabel('Who is deciding?')).toHaveValue('first');
  await dialog.getByRole('textbox', { name: 'Type payments to confirm' }).fill('payments');
  await app.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(card).toContainText('Mina approved it.');

  await card.getByRole('button', { name: 'Approve' }).click();
  await expect(dialog).toContainText('Bob signs exactly the text above');
  await dialog.getByRole('textbox', { name: 'Type payments to confirm' }).fill('payments');
  await expect(dialog.getByRole('button', { name: 'Approve' })).toBeDisabled();
  expect(await inBothThemes(app), 'second approval').toEqual([]);
  await dialog.getByLabel('Passphrase of Bob').fill('his own words');
  await app.keyboard.press('Enter');
  await expect(card).toContainText('Bob approved at');
  await expect(card).toContainText('Mina approved at');
});

test('keeps the answer in view below a text of any length', async ({ app, host }) => {
  await app.setViewportSize({ width: 1280, height: 720 });
  await addBob(app);
  await app.getByRole('link', { name: 'Incidents', exact: true }).click();
  await startDrill(app);
  const [known] = host.drillProposals();
  if (known?.verdict.kind !== 'offer') throw new Error('The drill has an offer');
  const long = 'Payments answers late since its last deploy, and everything that calls it waits. '.repeat(20);
  host.put({
    ...known,
    id: ProposalId.parse('prop-long'),
    title: 'Drain the node that shop runs on',
    command: `kubectl drain node-1 ${'--ignore-daemonsets '.repeat(40)}`,
    rationale: long,
    preconditions: Array.from({ length: 30 }, (_, at) => `pod shop/payments-${at} is ready`),
    verdict: { ...known.verdict, tier: 'two-person' },
  });
  const card = app.getByRole('article', { name: 'Proposal: Drain the node' });
  await card.getByRole('button', { name: 'Approve' }).click();
  const dialog = app.getByRole('dialog', { name: 'Confirm approval' });
  const approve = dialog.getByRole('button', { name: 'Approve' });
  await expect(approve).toBeInViewport({ ratio: 1 });
  const typed = dialog.getByRole('textbox', { name: 'Type payments to confirm' });
  await expect(typed).toBeFocused();
  await expect(typed).toBeInViewport({ ratio: 1 });
  await dialog.getByText(long.slice(0, 60)).first().scrollIntoViewIfNeeded();
  await expect(approve).toBeInViewport({ ratio: 1 });
  await typed.fill('payments');
  // What is typed is not hidden behind the buttons.
  const [field, button] = [await typed.boundingBox(), await approve.boundingBox()];
  expect((field?.y ?? 0) + (field?.height ?? 0)).toBeLessThanOrEqual(button?.y ?? 0);
  await approve.click();
  await expect(card).toContainText('approved it.');
});
