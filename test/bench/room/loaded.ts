import type { Browser, Page } from 'playwright';
import { createHost } from '../../../electron/host/create-host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { openLoopbackServer } from '../../../electron/web/loopback-server.ts';
import { percentile } from '../ledger/measurement.ts';
import { seedRoom } from './seeded-room.ts';

type Where = { browser: Browser; renderer: string; folder: string; events: number };

export type Loaded = Awaited<ReturnType<typeof loaded>>;

/** Opens a room that holds so many events, and scrolls from its end to its beginning. */
export async function loaded({ browser, renderer, folder, events }: Where) {
  const incident = seedRoom(folder, events, Date.now());
  const host = await createHost({
    dataDir: folder,
    shell: 'web',
    version: 'bench',
    resourcesDir: 'resources',
    logger: silentLogger,
  });
  const server = await openLoopbackServer({ host, port: 0, rendererDir: renderer, logger: silentLogger });
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  try {
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Incidents' }).first().waitFor();
    const { paintMs, placeMs } = await firstPaintsOf(page);
    const whole = events.toLocaleString('en').replaceAll(',', '\u202f');
    const times = await page.evaluate(
      async ({ id, all }) => {
        const startMs = performance.now();
        location.hash = `#/room/${id}`;
        const until = async (is: () => boolean) => {
          while (!is()) await new Promise((next) => requestAnimationFrame(next));
          return performance.now();
        };
        const shownMs = await until(() => document.querySelector('[role=feed] article') !== null);
        const allMs = await until(
          () => document.querySelector('.timeline .panel-count')?.textContent === all,
        );
        return { shownMs: shownMs - startMs, allMs: allMs - startMs };
      },
      { id: incident, all: whole },
    );
    return { paintMs, placeMs, ...times, ...(await scrolled(page)) };
  } finally {
    await page.close();
    await server.close();
    await host.close();
  }
}

/** From the address to the first thing on the screen, and to the list of incidents, the largest, as the browser says it. */
const firstPaintsOf = (page: Page) =>
  page.evaluate(async () => {
    const largest = new Promise<number>((resolve) =>
      new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
        type: 'largest-contentful-paint',
        buffered: true,
      }),
    );
    const [first] = performance.getEntriesByName('first-contentful-paint');
    return { paintMs: first?.startTime ?? Number.POSITIVE_INFINITY, placeMs: await largest };
  });

const FRAMES = 300;
/** A wheel that is turned fast: two notches and more in each frame. */
const STEP_PX = 240;

/** How long frames take while the feed is scrolled by a wheel's worth in each, and what the page did in them. */
async function scrolled(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const work = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0;
    return (of('ScriptDuration') + of('LayoutDuration') + of('RecalcStyleDuration')) * 1_000;
  };
  const before = await work();
  const frames = await page.evaluate(
    async ({ count, step }) => {
      const feed = document.querySelector<HTMLElement>('[role=feed]');
      if (!feed) throw new Error('There is no feed');
      const took: number[] = [];
      let last = await new Promise<number>((next) => requestAnimationFrame(next));
      for (let frame = 0; frame < count; frame += 1) {
        feed.scrollTop -= step;
        const now = await new Promise<number>((next) => requestAnimationFrame(next));
        took.push(now - last);
        last = now;
      }
      return took;
    },
    { count: FRAMES, step: STEP_PX },
  );
  const after = await work();
  const heap = await session.send('Runtime.getHeapUsage');
  return {
    frameP95Ms: percentile(frames, 0.95),
    workPerFrameMs: (after - before) / FRAMES,
    rows: await page.locator('[role=feed] article').count(),
    heapMiB: heap.usedSize / 1_048_576,
  };
}
