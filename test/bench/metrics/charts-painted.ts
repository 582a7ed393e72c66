import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { fakeHost } from '../../fixtures/fake-host/fake-host.ts';
import { serveFakeHost } from '../../fixtures/fake-host/serve-fake-host.ts';
import { wideWorld } from '../../fixtures/fake-host/wide-world.ts';

/** Seventeen services with three signals each, on a screen so high that all of them are in view. */
const SERVICES = 17;
const SIGNALS = 3;
const VIEWPORT = { width: 2_560, height: 3_900 };
const PRESSES = 9;
/** How often the page is loaded anew, to press as soon as there is something to press. */
const OPENINGS = 3;
/** Milliseconds that a room is open before somebody looks at its metrics. */
const A_MOMENT_MS = 3_000;
const renderer = fileURLToPath(new URL('../../../dist/renderer', import.meta.url));

/**
 * Presses the tab of the metrics again and again: how long until every chart is painted, and until it is painted with what
 * was read after the press. What was read and drawn is kept in between; at the first press, a moment after the room opened,
 * it is what the screen read and drew ahead while it had nothing else to do. Before that the page is opened some times and
 * pressed at once, when nothing was read yet.
 */
export async function chartsPainted({ browser, points }: { browser: Browser; points: number }) {
  const world = wideWorld({ services: SERVICES, calls: 20, charts: SIGNALS, points });
  const host = fakeHost({ stepMs: 20, world });
  const served = await serveFakeHost(host, renderer);
  const page = await browser.newPage({ viewport: VIEWPORT });
  try {
    await page.addInitScript(watchCharts);
    await page.goto(served.signInUrl);
    await page.getByRole('button', { name: 'Run a drill' }).click();
    await page.getByRole('button', { name: 'Start the drill' }).click();
    await page.getByRole('article', { name: 'Proposal: Roll back payments to 1.40' }).waitFor();
    const atOnceMs: number[] = [];
    for (let opening = 0; opening < OPENINGS; opening += 1) {
      await page.reload();
      await page.getByRole('tab', { name: 'Metrics' }).waitFor();
      atOnceMs.push((await pressedToPainted(page, SERVICES * SIGNALS)).paintedMs);
    }
    await page.reload();
    await page.getByRole('tab', { name: 'Metrics' }).waitFor();
    await page.waitForTimeout(A_MOMENT_MS);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    const workMs = async () =>
      ((await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')
        ?.value ?? 0) * 1_000;
    const tookMs: number[] = [];
    const newestMs: number[] = [];
    const workedMs: number[] = [];
    for (let press = 0; press < PRESSES; press += 1) {
      await page.getByRole('tab', { name: 'Correlation' }).click();
      await page.getByRole('list', { name: 'Candidates' }).waitFor();
      const before = await workMs();
      const { paintedMs, newestMs: readMs } = await pressedToPainted(page, SERVICES * SIGNALS);
      tookMs.push(paintedMs);
      newestMs.push(readMs);
      workedMs.push((await workMs()) - before);
    }
    const [firstMs = 0, ...others] = tookMs;
    return {
      charts: SERVICES * SIGNALS,
      atOnceMs: median(atOnceMs),
      firstMs,
      medianMs: median(others),
      newestMs: median(newestMs),
      workMs: median(workedMs),
      worstMs: Math.max(...others),
      inView: await page.locator('.signal-plot canvas').count(),
    };
  } finally {
    await page.close();
    served.close();
    host.end();
  }
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

type Watched = { chartReplies: number; drawnSinceReply: Set<HTMLCanvasElement> };

/** Runs in the page before anything else: how often the host answered with charts, and what was drawn after that. */
function watchCharts(): void {
  const watched = window as unknown as Watched;
  watched.chartReplies = 0;
  watched.drawnSinceReply = new Set();
  const { fetch } = window;
  window.fetch = async (...asked) => {
    const reply = await fetch(...asked);
    if (String(asked[1]?.body ?? '').includes('"metrics.charts"')) {
      watched.chartReplies += 1;
      watched.drawnSinceReply.clear();
    }
    return reply;
  };
  const context = CanvasRenderingContext2D.prototype;
  const { clearRect } = context;
  context.clearRect = function (...area) {
    watched.drawnSinceReply.add(this.canvas);
    clearRect.apply(this, area);
  };
}

type Painted = { paintedMs: number; newestMs: number };

/**
 * From the press to the frame after the one in which the last chart had its samples; and to the frame after the one in which
 * all of them were drawn with what was asked for after the press.
 */
function pressedToPainted(page: Page, charts: number): Promise<Painted> {
  return page.evaluate(
    (wanted) =>
      new Promise<Painted>((resolve) => {
        const tab = [...document.querySelectorAll<HTMLElement>('[role="tab"]')].find(
          ({ textContent }) => textContent === 'Metrics',
        );
        if (!tab) throw new Error('there is a tab of the metrics');
        const watched = window as unknown as Watched;
        const before = watched.chartReplies;
        const startMs = performance.now();
        const isDrawn = () =>
          document.querySelectorAll('.signal-plot[aria-label*="highest"] canvas').length >= wanted;
        const once = (isSo: () => boolean, tell: (tookMs: number) => void) => {
          const look = () => {
            if (!isSo()) return requestAnimationFrame(look);
            return requestAnimationFrame(() =>
              requestAnimationFrame(() => tell(performance.now() - startMs)),
            );
          };
          requestAnimationFrame(look);
        };
        // The tabs open with the press of a button, not with its click.
        tab.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }));
        once(isDrawn, (paintedMs) =>
          once(
            () => watched.chartReplies > before && watched.drawnSinceReply.size >= wanted,
            (newestMs) => resolve({ paintedMs, newestMs }),
          ),
        );
      }),
    charts,
  );
}
