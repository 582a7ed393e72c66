import type { Page } from '@playwright/test';
import { wideWorld } from '../fixtures/fake-host/wide-world.ts';
import { expect, startDrill, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

async function openMetrics(app: Page) {
  await startDrill(app);
  await app.getByRole('tab', { name: 'Metrics' }).click();
  const panel = app.getByRole('region', { name: 'Metrics' });
  await expect(
    panel.getByRole('slider', { name: /error_ratio of payments.*normal: .*highest/ }),
  ).toBeVisible();
  return panel;
}

test('what is off stands first, each chart says what it shows, and the others are a press away', async ({
  app,
}) => {
  const panel = await openMetrics(app);
  await expect(panel.getByText('6 of 68 signals anomalous; 62 not shown.')).toBeVisible();
  await expect(panel.getByRole('heading').first()).toHaveText('payments');
  const errors = panel.getByRole('slider', { name: /error_ratio of payments/ });
  await expect(errors).toHaveAccessibleName(/last \d+(\.\d+)? % at .*rose at .*with gaps/);
  await panel.getByRole('button', { name: '2 more of payments' }).click();
  await expect(panel.getByRole('slider', { name: /of payments:/ })).toHaveCount(4);
  await panel.getByRole('searchbox', { name: 'Filter services and signals' }).fill('cart');
  await expect(panel.getByText('No signal that left its normal fits the filter.')).toBeVisible();
  await panel.getByRole('button', { name: 'Show all' }).click();
  await expect(panel.getByRole('button', { name: 'Only anomalous' })).toHaveAttribute(
    'aria-pressed',
    'false',
  );
});

test('one cursor and one window for all charts and the timeline, by pointer and by keys', async ({ app }) => {
  const panel = await openMetrics(app);
  const errors = panel.getByRole('slider', { name: /error_ratio of payments/ });
  const box = await errors.locator('.line-chart').boundingBox();
  if (!box) throw new Error('the chart is drawn');
  await app.mouse.move(box.x + box.width * 0.5, box.y + 50);
  await expect(panel.locator('.metrics-cursor')).toContainText('the cursor)');
  await expect(panel.locator('.signal-readout').nth(1)).toContainText(' at ');
  await expect(app.locator('.time-pointed')).toBeVisible();
  await app.mouse.down();
  await app.mouse.move(box.x + box.width * 0.9, box.y + 50, { steps: 4 });
  await app.mouse.up();
  const timeline = app.getByRole('region', { name: 'Timeline' });
  await expect(timeline.locator('.time-window-lanes')).toHaveAttribute('data-brushed', 'true');
  await expect(timeline.locator('.panel-count')).toContainText(' of ');

  await errors.focus();
  await app.keyboard.press('0');
  await expect(timeline.locator('.time-window-lanes')).toHaveAttribute('data-brushed', 'false');
  await app.keyboard.press('End');
  const atTheEnd = await errors.getAttribute('aria-valuetext');
  await app.keyboard.press('PageUp');
  await expect(errors).toHaveAttribute(
    'aria-valuetext',
    /(deploy|flag|config|scale|traffic|infrastructure) of /,
  );
  expect(await errors.getAttribute('aria-valuetext')).not.toBe(atTheEnd);
  await app.keyboard.press('+');
  await expect(timeline.locator('.time-window-lanes')).toHaveAttribute('data-brushed', 'true');
  await app.keyboard.press('ArrowDown');
  await expect(panel.getByRole('slider', { name: /latency_p99 of payments/ })).toBeFocused();
  await app.keyboard.press('Escape');
  await expect(app.locator('.time-pointed')).toHaveCount(0);

  await app.keyboard.press('g');
  await app.keyboard.press('t');
  await expect(panel.locator('.metrics-cursor')).toContainText('at the cursor');
});

test('an icon above a chart says what it stands for, and leads to its line in the timeline', async ({
  app,
}) => {
  const panel = await openMetrics(app);
  const chart = panel.getByRole('slider', { name: /error_ratio of payments/ }).locator('.line-chart');
  const box = await chart.boundingBox();
  if (!box) throw new Error('the chart is drawn');
  let told: string | null = null;
  // From the newest on: the deploy that did it.
  for (let x = box.width - 8; x > 46 && !told; x -= 3) {
    await app.mouse.move(box.x + x, box.y + 8);
    told = await chart.getAttribute('title');
  }
  expect(told).toMatch(/deploy of payments: payments 1\.40 → 1\.41/);
  await expect(app.locator('.time-pointed')).toHaveCount(0);
  await app.mouse.down();
  await app.mouse.up();
  const timeline = app.getByRole('region', { name: 'Timeline' });
  await expect(timeline.locator('article:focus')).toContainText('payments 1.40 → 1.41');
  await app.mouse.move(box.x + box.width / 2, box.y + 50);
  await expect(chart).toHaveAttribute('title', '');
});

test('a chart opens large with its values, what was changed, and ways to take it elsewhere', async ({
  app,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const panel = await openMetrics(app);
  await panel.getByRole('combobox', { name: 'against' }).selectOption('yesterday');
  await panel.getByRole('slider', { name: /error_ratio of payments/ }).focus();
  await app.keyboard.press('Enter');
  const large = app.getByRole('dialog', { name: 'error_ratio of payments' });
  const values = large.getByRole('table', { name: 'Values, newest first' });
  await expect(values.getByRole('row').nth(1)).toContainText(/% .*% ?outside|%.*%outside/);
  expect(await violations(app)).toEqual([]);
  await large.getByRole('button', { name: 'Copy as PromQL' }).click();
  expect(await app.evaluate(() => navigator.clipboard.readText())).toContain(
    'destination_workload="payments"',
  );
  await large.getByRole('button', { name: 'Copy link' }).click();
  const link = new URL(await app.evaluate(() => navigator.clipboard.readText()));
  const change = large
    .getByRole('region', { name: 'Changes and actions in this window' })
    .getByRole('button');
  await change.first().click();
  await expect(large).toHaveCount(0);
  await expect(app.getByRole('region', { name: 'Timeline' }).locator('article:focus')).toHaveCount(1);

  await app.getByRole('tab', { name: 'Correlation' }).click();
  await app.evaluate((hash) => {
    location.hash = hash;
  }, link.hash);
  await expect(large).toBeVisible();
});

test('a host that cannot be reached leaves the charts as they are, and says so', async ({ app, served }) => {
  const panel = await openMetrics(app);
  served.breakSockets();
  await expect(panel.getByText(/cannot be reached: the charts are as of/)).toBeVisible();
  await expect(panel.getByRole('slider', { name: /error_ratio of payments/ })).toBeVisible();
  await expect(panel.getByText(/cannot be reached/)).toHaveCount(0);
});

test.describe('five hundred services with names of any length', () => {
  test.use({ hostOptions: { stepMs: 60, world: wideWorld({ services: 500, calls: 500 }) } });

  test('only what is in view is drawn, and nothing sticks out', async ({ app }) => {
    await startDrill(app);
    await app.getByRole('tab', { name: 'Metrics' }).click();
    const panel = app.getByRole('region', { name: 'Metrics' });
    await expect(panel.getByText('None of 2\u202f000 signals anomalous.')).toBeVisible();
    const list = panel.getByRole('group', { name: 'Charts' });
    await expect(list.locator('canvas').first()).toBeVisible();
    await panel.getByRole('searchbox').fill('paid-by-the-letter');
    await expect(panel.getByRole('heading').first()).toContainText('the-service-with-a-name');
    expect(await list.locator('canvas').count()).toBeLessThan(40);
    const wide = await list.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(wide).toBe(0);
  });
});

test('charts are drawn before somebody looks, and come back as they were left', async ({ app }) => {
  // So high that all six are in view.
  await app.setViewportSize({ width: 1_280, height: 1_100 });
  await app.evaluate(() => {
    const drawnOn = new Set<HTMLCanvasElement>();
    Object.assign(window, { drawnOn });
    const { clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...area) {
      drawnOn.add(this.canvas);
      clearRect.apply(this, area);
    };
  });
  const drawn = () =>
    app.evaluate(() => (window as unknown as { drawnOn: Set<HTMLCanvasElement> }).drawnOn.size);
  await startDrill(app);
  const charts = app.getByRole('region', { name: 'Metrics' }).getByRole('slider');
  // Nothing new comes any more, and nothing is left to be drawn.
  let last = 0;
  await expect
    .poll(
      async () => {
        const before = last;
        last = await drawn();
        return last >= 6 && last === before;
      },
      { intervals: [1_500], timeout: 30_000 },
    )
    .toBe(true);
  await expect(app.locator('.signal-plot canvas')).toHaveCount(0);

  /** Opens the tab, and tells how many of the canvases that are shown then had been drawn on before. */
  const opened = async () => {
    await app.evaluate(() => {
      const { drawnOn } = window as unknown as { drawnOn: Set<HTMLCanvasElement> };
      Object.assign(window, { known: new Set(drawnOn) });
    });
    await app.getByRole('tab', { name: 'Metrics' }).click();
    await expect(charts).toHaveCount(6);
    return app.evaluate(() => {
      const { known } = window as unknown as { known: Set<HTMLCanvasElement> };
      return [...document.querySelectorAll<HTMLCanvasElement>('.signal-plot canvas')].filter((one) =>
        known.has(one),
      ).length;
    });
  };
  expect(await opened()).toBe(6);
  // The cursor follows as in a chart that was drawn where it stands.
  const box = await charts.first().locator('.line-chart').boundingBox();
  if (!box) throw new Error('The chart is drawn');
  await app.mouse.move(box.x + box.width * 0.6, box.y + 60);
  await expect(app.locator('.metrics-cursor')).toContainText('the cursor)');

  await app.getByRole('tab', { name: 'Correlation' }).click();
  await expect(charts).toHaveCount(0);
  expect(await opened()).toBe(6);
});
