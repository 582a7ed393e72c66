import { expect, startDrill, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });

    test('lists what left this machine for an incident, and shows the exact text as text', async ({
      app,
    }) => {
      const elsewhere: string[] = [];
      app.on('request', (request) => {
        if (!request.url().startsWith(new URL(app.url()).origin)) elsewhere.push(request.url());
      });
      await startDrill(app);
      await app.getByRole('tab', { name: 'Analyst' }).click();
      await app.getByRole('link', { name: 'What left this machine' }).click();
      await expect(app.getByRole('heading', { name: 'What left this machine', level: 1 })).toBeVisible();
      const requests = app.getByRole('list', { name: 'Requests' }).getByRole('listitem');
      await expect(requests).toHaveCount(2);
      await expect(requests.nth(0)).toContainText('nothing masked');
      await expect(requests.nth(1)).toContainText(
        'masked: 3 e-mail addresses, 1 secret, 2 network addresses',
      );

      await requests.nth(1).getByRole('button', { name: 'Show the exact text' }).click();
      const text = app.getByRole('region', { name: 'Exact text of sent-2' });
      await expect(text).toContainText('![x](https://evil.example/x.png) from <EMAIL_1>');
      await expect(text.getByRole('img')).toHaveCount(0);
      expect(await violations(app)).toEqual([]);
      expect(elsewhere).toEqual([]);
      await app.screenshot({ path: `test-results/what-left-${colorScheme}.png` });
    });
  });
}
