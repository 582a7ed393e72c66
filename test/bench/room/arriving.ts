import type { Browser } from 'playwright';
import { fakeHost } from '../../fixtures/fake-host/fake-host.ts';
import { serveFakeHost } from '../../fixtures/fake-host/serve-fake-host.ts';
import { percentile } from '../ledger/measurement.ts';
import { eventNumber } from './seeded-room.ts';

const EVENTS = 10_000;
const FOR_MS = 10_000;
const EVERY_MS = 10;

/** Presses a filter of the timeline, over and over, while a thousand events a second are told to the screen. */
export async function arriving({ browser, renderer }: { browser: Browser; renderer: string }) {
  const host = fakeHost({ stepMs: 1 });
  const served = await serveFakeHost(host, renderer);
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  try {
    const incident = host.openIncident('A flood of events');
    await page.goto(served.signInUrl);
    await page.getByRole('heading', { name: 'Incidents' }).first().waitFor();
    await page.evaluate((id) => {
      location.hash = `#/room/${id}`;
    }, incident.id);
    const chip = page.getByRole('button', { name: /^Changes/ });
    await chip.waitFor();
    await page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(window, { pressed: seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (entry.name === 'click') seen.push(entry.duration);
      }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit);
    });

    const startMs = performance.now();
    let told = 0;
    const flood = setInterval(() => {
      const due = Math.min(EVENTS, Math.round(((performance.now() - startMs) / FOR_MS) * EVENTS));
      const events = Array.from({ length: due - told }, (_, at) =>
        eventNumber(incident.id, told + at, Date.now()),
      );
      told = due;
      if (events.length > 0) host.tell(incident.id, events);
      if (told >= EVENTS) clearInterval(flood);
    }, EVERY_MS);
    let presses = 0;
    while (told < EVENTS) {
      await chip.click();
      presses += 1;
    }
    const tookMs = performance.now() - startMs;
    if (presses % 2 === 1) await chip.click();
    await page.waitForTimeout(1_000);
    const shown = await page.locator('.timeline .panel-count').textContent();
    // What took less than 16 ms is not reported by the browser.
    const slow = await page.evaluate(() => (window as unknown as { pressed: number[] }).pressed);
    const all = [...slow, ...new Array<number>(Math.max(0, presses - slow.length)).fill(16)];
    return {
      events: EVENTS,
      tookMs,
      presses,
      pressP95Ms: percentile(all, 0.95),
      pressMaxMs: Math.max(...all),
      missing: EVENTS - Number((shown ?? '0').replace(/\D/g, '')),
    };
  } finally {
    await page.close();
    served.close();
    host.end();
  }
}
