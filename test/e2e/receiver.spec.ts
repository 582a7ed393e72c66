import { createHash, createHmac } from 'node:crypto';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { freePort } from '../fixtures/free-port.ts';
import { expect, test } from './fixtures.ts';
import { violations } from './violations.ts';

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const signed = (body: string, key: string) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
});
const now = () => new Date().toISOString();

const post = async (url: string, body: string, headers: Record<string, string>) => {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return [reply.status, await reply.json()] as const;
};

const cloudEvent = () =>
  JSON.stringify({
    specversion: '1.0',
    id: 'run-4711',
    source: '/ci/shop',
    type: 'dev.countersign.change.v1',
    time: now(),
    data: { change: 'config', service: 'payments', title: 'payments: timeout 2s to 5s', actor: 'mina' },
  });
const deployment = () =>
  JSON.stringify({
    action: 'created',
    repository: { name: 'checkout', full_name: 'shop/checkout', default_branch: 'main', private: true },
    deployment: {
      id: 4_711,
      sha: '0123456789abcdef0123456789abcdef01234567',
      ref: 'v1.42.0',
      environment: 'production',
      description: null,
      creator: { login: 'mina' },
      created_at: now(),
      payload: {},
      transient_environment: false,
    },
  });
const sync = () =>
  JSON.stringify({
    format: 'countersign.argo-cd/1',
    application: 'cart',
    project: 'shop',
    namespace: 'shop',
    destination: 'https://kubernetes.default.svc',
    repository: 'https://git.example/shop/deploy.git',
    revision: 'abcdef0123456789abcdef0123456789abcdef01',
    images: ['registry:5000/shop/cart:2.7.0'],
    phase: 'Succeeded',
    message: 'successfully synced (all tasks run)',
    startedAt: now(),
    finishedAt: now(),
    actor: 'mina',
    url: 'https://argo.example/applications/cart',
  });

async function look(page: Page, name: string) {
  await page.screenshot({ path: `test-results/receiver-${name}.png` });
  expect(await violations(page), name).toEqual([]);
}

/** The line of a change, opened, with what was delivered of it. */
async function rawOf(page: Page, title: string) {
  const line = page.getByRole('region', { name: 'Timeline' }).getByRole('article').filter({ hasText: title });
  await line.getByRole('button', { name: 'Show details' }).click();
  await line.getByRole('button', { name: 'Raw payload' }).click();
  return line;
}

async function connectReceiver(page: Page, url: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a connection' }).click();
  const form = page.getByRole('form', { name: 'New connection' });
  await form.getByLabel('Kind').selectOption('receiver');
  await form.getByLabel('Name', { exact: true }).fill('Pipelines');
  await form.getByLabel('URL').fill(url);
  await expect(form.getByLabel('Credentials')).toHaveCount(0);
  await form.getByRole('button', { name: 'Connect' }).click();
  await expect(form).toHaveCount(0);
}

/** Adds a sender to the receiver in Settings, and takes down the secret that is shown once. */
async function addSender(page: Page, name: string, sends: string): Promise<string> {
  await page.getByRole('button', { name: 'Add a sender to Pipelines' }).click();
  const form = page.getByRole('form', { name: 'New sender' });
  await form.getByLabel('Name of the sender').fill(name);
  await form.getByRole('checkbox', { name: sends }).check();
  await form.getByRole('button', { name: 'Add the sender' }).click();
  return secretShown(page, name);
}

async function secretShown(page: Page, name: string): Promise<string> {
  const vault = page.getByRole('dialog', { name: 'Choose a passphrase for the vault' });
  const shown = page.getByRole('region', { name: `Secret of ${name}` });
  await expect(vault.or(shown)).toBeVisible();
  if (await vault.isVisible()) {
    await vault.getByLabel('Passphrase').fill('correct horse battery');
    await vault.getByRole('button', { name: 'Create the vault' }).click();
  }
  const secret = shown.locator('.copyable code');
  await expect(secret).toHaveText(/^[\w-]{43}$/);
  return (await secret.textContent()) ?? '';
}

async function openIncident(page: Page) {
  await page.getByRole('link', { name: 'Incidents', exact: true }).click();
  await page.getByRole('button', { name: 'New incident' }).first().click();
  const opening = page.getByRole('dialog', { name: 'New incident' });
  await opening.getByLabel('Title').fill('Checkout is slow');
  await opening.getByRole('button', { name: 'Open the incident' }).click();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await expect(timeline).toContainText('Incident opened');
  return timeline;
}

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' });

    test('a receiver takes what pipelines, GitHub and Argo CD post, and shows it as it was sent', async ({
      app,
      page,
    }) => {
      const port = await freePort();
      await page.goto(app.url);
      await page.getByRole('link', { name: 'Settings', exact: true }).click();
      await connectReceiver(page, `http://127.0.0.1:${port}`);
      const addresses = page.getByLabel('Addresses of Pipelines');
      await expect(addresses).toContainText('Argo CD');
      const addressOf = async (kind: string) =>
        /http:\S+/.exec((await addresses.getByText(new RegExp(`/${kind}$`)).textContent()) ?? '')?.[0] ?? '';
      const [events, github, argo] = await Promise.all(['events', 'github', 'argo-cd'].map(addressOf));
      if (!events || !github || !argo) throw new Error('the receiver says where it listens');
      const senders = page.getByRole('region', { name: 'Senders of Pipelines' });
      await expect(senders).toContainText('Nobody may post here yet');
      const pipeline = await addSender(page, 'CI', 'CloudEvents and CDEvents');
      await look(page, `${colorScheme}-shown-once`);
      await page.getByRole('button', { name: 'It is in place' }).click();
      await expect(page.getByText(pipeline)).toHaveCount(0);
      const gitHub = await addSender(page, 'GitHub', 'Webhooks of GitHub');
      const argoCd = await addSender(page, 'Argo CD', 'Notifications of Argo CD');
      await page.getByRole('button', { name: 'It is in place' }).click();

      const timeline = await openIncident(page);

      const told = cloudEvent();
      expect(
        (
          await post(events, told, { ...bearer(pipeline), 'content-type': 'application/cloudevents+json' })
        )[0],
      ).toBe(202);
      const deployed = deployment();
      expect((await post(github, deployed, signed(deployed, 'another-secret')))[0]).toBe(401);
      expect((await post(github, deployed, signed(deployed, pipeline)))[0]).toBe(403);
      await expect(timeline.getByText('v1.42.0')).toHaveCount(0);
      expect(await post(github, deployed, signed(deployed, gitHub))).toEqual([
        202,
        { accepted: 1, repeated: 0, ignored: 0 },
      ]);
      const synced = sync();
      expect((await post(argo, synced, bearer(argoCd)))[0]).toBe(202);

      await expect(timeline).toContainText('payments: timeout 2s to 5s');
      for (const [title, body] of [
        ['payments: timeout 2s to 5s', told],
        ['v1.42.0', deployed],
        ['cart synced to abcdef012345 by Argo CD', synced],
      ] as const) {
        const line = await rawOf(page, title);
        await expect(line.getByRole('region', { name: 'What the source delivered' })).toHaveText(body);
        await expect(line).toContainText(createHash('sha256').update(body).digest('hex'));
      }
      await expect(timeline).toContainText('Sent by “GitHub”');
      await look(page, `${colorScheme}-timeline`);
    });

    test('a sender of a receiver gets another secret and is revoked, and the others go on', async ({
      app,
      page,
    }) => {
      const port = await freePort();
      await page.goto(app.url);
      await page.getByRole('link', { name: 'Settings', exact: true }).click();
      await connectReceiver(page, `http://127.0.0.1:${port}`);
      const senders = page.getByRole('region', { name: 'Senders of Pipelines' });
      const pipeline = await addSender(page, 'CI', 'CloudEvents and CDEvents');
      const argoCd = await addSender(page, 'Argo CD', 'Notifications of Argo CD');
      await page.getByRole('button', { name: 'It is in place' }).click();
      const [events, github, argo] = ['events', 'github', 'argo-cd'].map(
        (kind) => `http://127.0.0.1:${port}/${kind}`,
      ) as [string, string, string];
      const [told, deployed, synced] = [cloudEvent(), deployment(), sync()];
      const tellAs = async (secret: string) =>
        (await post(events, told, { ...bearer(secret), 'content-type': 'application/cloudevents+json' }))[0];
      expect(await tellAs(pipeline)).toBe(202);
      expect((await post(github, deployed, signed(deployed, pipeline)))[0]).toBe(403);
      expect((await post(github, deployed, signed(deployed, 'another-secret')))[0]).toBe(401);

      await expect(senders).toContainText('Last delivery');
      await expect(senders).toContainText('This sender may post to /events and nowhere else.');
      await expect(senders).toContainText('One request with the secret of no sender was refused');
      await senders.getByRole('button', { name: 'New secret for CI' }).click();
      const rotation = senders.getByRole('form', { name: 'New secret for CI' });
      await rotation.getByLabel('The old secret stays good').selectOption('For another hour');
      await look(page, `${colorScheme}-rotate`);
      await rotation.getByRole('button', { name: 'Replace the secret' }).click();
      const next = await secretShown(page, 'CI');
      expect(next).not.toBe(pipeline);
      await expect(senders).toContainText('The secret before is good until');
      for (const secret of [next, pipeline]) expect(await tellAs(secret)).toBe(202);
      await page.getByRole('button', { name: 'It is in place' }).click();
      await senders.getByRole('button', { name: 'Revoke CI' }).click();
      await senders.getByRole('button', { name: 'Really revoke CI' }).click();
      await expect(senders.getByRole('listitem')).toHaveCount(1);
      for (const secret of [next, pipeline]) expect(await tellAs(secret)).toBe(401);
      expect((await post(argo, synced, bearer(argoCd)))[0]).toBe(202);
      await look(page, `${colorScheme}-settings`);
    });
  });
}

test('a watched folder is connected in Settings, and each line in it is an event', async ({ app, page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'lines-'));
  try {
    await page.goto(app.url);
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: 'Watch a folder' }).click();
    const form = page.getByRole('form', { name: 'New folder' });
    await form.getByLabel('Name', { exact: true }).fill('Nightly jobs');
    await form.getByLabel('Folder').fill('changes');
    await form.getByRole('button', { name: 'Test' }).click();
    await expect(form).toContainText('the whole path of a folder, from the root');
    await form.getByLabel('Folder').fill(folder);
    await form.getByRole('button', { name: 'Test' }).click();
    await expect(form).toContainText(`${folder} can be read.`);
    await look(page, 'folder-form');
    await form.getByRole('button', { name: 'Connect' }).click();
    const row = page.getByRole('region', { name: 'Connections' }).getByRole('listitem');
    await expect(row).toContainText(`${folder} · no credentials`);

    const timeline = await openIncident(page);
    const line = cloudEvent();
    await appendFile(join(folder, 'jobs.jsonl'), `${line}\n`);
    await rawOf(page, 'payments: timeout 2s to 5s');
    await expect(timeline.getByRole('region', { name: 'What the source delivered' })).toHaveText(line);
  } finally {
    await rm(folder, { recursive: true });
  }
});
