import type { Page } from '@playwright/test';
import { expect, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

async function openEnvelope(page: Page) {
  await page.getByRole('link', { name: 'Envelope', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Envelope', level: 1 }).waitFor();
}

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme, viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });

    test('the envelope page says who signed, what became wider and what speaks for it', async ({ app }) => {
      await openEnvelope(app);
      await expect(app.getByText('an approver of this installation').first()).toBeVisible();
      await app.getByRole('button', { name: 'What changed since version 2' }).click();
      await expect(app.getByText('The most replicas of scale-workload: 20, was 10')).toBeVisible();
      const versions = app.getByRole('region', { name: 'Versions' });
      await expect(versions.getByText('12 of 14 executions clean, people agreed with 9 of 10')).toBeVisible();
      await app.getByLabel('Date and time, as of this machine').fill('2026-03-05T10:00:00');
      await app.getByRole('button', { name: 'Look it up' }).click();
      await expect(app.getByText('Version 3 was in force, since')).toBeVisible();
      await app.getByLabel('Date and time, as of this machine').fill('2020-03-05T10:00:00');
      await app.keyboard.press('Enter');
      await expect(app.getByText('The log says nothing about an envelope up to then.')).toBeVisible();
      expect(await violations(app)).toEqual([]);
    });

    test.describe('without one', () => {
      test.use({ hostOptions: { stepMs: 60, envelope: 'none' } });

      test('every place says that no envelope is in force, why, and what to do', async ({ app }) => {
        const banner = app.getByRole('status').filter({ hasText: 'No envelope is in force,' });
        await expect(banner).toContainText('policies/base.cedar was altered after it was signed');
        await openEnvelope(app);
        await expect(app.getByRole('alert')).toContainText('sign it with `envelope sign`');
        await expect(app.getByRole('heading', { name: 'May be proposed' })).toHaveCount(0);
        expect(await violations(app)).toEqual([]);
      });
    });
  });
}
