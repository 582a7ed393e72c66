import type { OpenBreaker } from '../../shared/vocabulary/status.ts';
import { breakerOf } from '../fixtures/fake-host/trouble-fixture.ts';
import { expect, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

test('an open breaker names its limit and count, and closes for a person with a reason', async ({
  app,
  host,
}) => {
  await app.getByRole('button', { name: 'New incident' }).first().click();
  await app.getByRole('textbox', { name: 'Title' }).fill('Checkout is slow');
  await app.getByRole('button', { name: 'Open' }).click();
  const incidents = host.call('incidents.list', {});
  const id = incidents.ok ? (incidents.value as { id: OpenBreaker['incident'] }[])[0]?.id : undefined;
  if (id === undefined) throw new Error('one was opened');
  host.setStatus({ breakers: [breakerOf(id)] });
  const banner = app.getByRole('alert').filter({ hasText: 'A breaker is open' });
  await expect(banner).toContainText('denied 12 proposals within 30 min, the limit is 12');
  await expect(banner).toContainText('only back-outs are offered');
  expect(await violations(app)).toEqual([]);

  await banner.getByRole('button', { name: 'Close the breaker' }).click();
  const close = app.getByRole('button', { name: 'Close it' });
  await expect(close).toBeDisabled();
  await app.getByRole('textbox', { name: 'Reason' }).fill('Prometheus is back');
  await close.click();
  await expect(banner).toBeHidden();
  expect(host.asked).toContainEqual({
    name: 'breakers.close',
    input: { incident: id, reason: 'Prometheus is back' },
  });
});

for (const theme of ['dark', 'light'] as const) {
  test(`the Envelope page shows what a credential could do, the worst first (${theme})`, async ({
    app,
    host,
  }) => {
    host.setStatus({ theme });
    await app.keyboard.press('g');
    await app.keyboard.press('e');
    const panel = app.getByRole('region', { name: 'Credentials' });
    await expect(panel).toContainText('Needs 6, holds 41, 2 dangerous');
    await expect(panel.getByRole('listitem').first()).toContainText('list secrets');
    await panel.getByText('2 other rights beyond the need').click();
    await expect(panel).toContainText('delete pods, list jobs.batch');
    await panel.getByRole('button', { name: 'Review again' }).click();
    await expect
      .poll(() => host.asked.filter(({ name }) => name === 'credentials.review'))
      .toEqual([{ name: 'credentials.review', input: { connection: 'k' } }]);
    expect(await violations(app)).toEqual([]);
  });
}

test('a stop says who made it, how and why', async ({ app, host }) => {
  host.setStatus({
    stop: { stopped: true, by: 'the file STOP', reason: 'the wrong cluster', atMs: Date.now(), how: 'file' },
  });
  await expect(app.getByRole('alert').filter({ hasText: 'Everything is stopped' })).toContainText(
    /the file STOP stopped it at .* in the data directory: the wrong cluster/,
  );
});
