import { fileURLToPath } from 'node:url';
import { test as base, expect, type Page } from '@playwright/test';
import { type FakeHost, fakeHost } from '../fixtures/fake-host/fake-host.ts';
import { serveFakeHost } from '../fixtures/fake-host/serve-fake-host.ts';

const dist =
  process.env['COUNTERSIGN_RENDERER'] ?? fileURLToPath(new URL('../../dist/renderer', import.meta.url));

type Served = Awaited<ReturnType<typeof serveFakeHost>>;
type Fixtures = {
  hostOptions: Parameters<typeof fakeHost>[0];
  host: FakeHost;
  served: Served;
  /** Signed in and at home. Ends with the proof that the console stayed silent: no error, no breach of the policy. */
  app: Page;
  /** What the console may say, because the test itself brings it about; nothing unless told. */
  expectedComplaint: RegExp | null;
};

/** The built screen on a fake host, with the real content policy. */
export const test = base.extend<Fixtures>({
  hostOptions: [{ stepMs: 60 }, { option: true }],
  expectedComplaint: [null, { option: true }],
  host: async ({ hostOptions }, use) => {
    const host = fakeHost(hostOptions);
    await use(host);
    host.end();
  },
  served: async ({ host }, use) => {
    const served = await serveFakeHost(host, dist);
    await use(served);
    served.close();
  },
  app: async ({ page, served, expectedComplaint }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(served.signInUrl);
    await expect(page.getByRole('button', { name: 'Run a drill' })).toBeVisible();
    await use(page);
    expect(complaints.filter((one) => !expectedComplaint?.test(one))).toEqual([]);
  },
});

export { expect };

/** Starts the drill of the fake host and waits for its proposal. */
export async function startDrill(page: Page) {
  await page.getByRole('button', { name: 'Run a drill' }).click();
  await page.getByRole('button', { name: 'Start the drill' }).click();
  const card = page.getByRole('article', { name: 'Proposal: Roll back payments to 1.40' });
  await expect(card).toBeVisible();
  return card;
}
