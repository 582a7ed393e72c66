import type { Page } from '@playwright/test';
import { eventNumber } from '../bench/room/seeded-room.ts';
import { expect, startDrill, test } from './room-with-fake-host.ts';

const MINUTE = 60_000;

/** Opens the room of an incident that a source told of. */
async function openRoom(app: Page, incident: string) {
  await app.evaluate((id) => {
    location.hash = `#/room/${id}`;
  }, incident);
  await expect(app.getByRole('feed', { name: 'Events' })).toBeVisible();
}

test('a note is Markdown that loads nothing, is written anew, and leaves a trace when it is deleted', async ({
  app,
}) => {
  await startDrill(app);
  const timeline = app.getByRole('region', { name: 'Timeline' });
  await timeline
    .getByRole('textbox', { name: 'Note' })
    .fill('Asked **payments**: ![x](https://evil.example/p.png)');
  await timeline.getByRole('button', { name: 'Add note' }).click();
  const note = timeline.getByRole('article').filter({ hasText: 'Asked payments' });
  await expect(note.locator('strong')).toHaveText('payments');
  await expect(note).toContainText('[picture not loaded: x]');

  await note.getByRole('button', { name: 'Show details' }).click();
  await note.getByRole('button', { name: 'Edit note' }).click();
  const box = note.getByRole('textbox', { name: 'Text of the note' });
  await expect(box).toBeFocused();
  await box.fill('Asked *everybody*');
  await note.getByRole('button', { name: 'Save note' }).click();
  const edited = timeline.getByRole('article').filter({ hasText: 'Asked everybody' });
  await expect(edited).toContainText('Edited by');

  await edited.getByRole('button', { name: 'Delete note' }).click();
  const deleted = timeline.getByRole('article').filter({ hasText: 'deleted a note' });
  await expect(deleted).toContainText('every text stays in the ledger');
  await expect(timeline.getByText('Asked everybody')).toHaveCount(0);
  await expect(deleted.getByRole('button', { name: 'Edit note' })).toHaveCount(0);
});

test('a line says that the clock which dated it goes wrong, and what that means', async ({ app }) => {
  await startDrill(app);
  const timeline = app.getByRole('region', { name: 'Timeline' });
  await timeline.getByRole('searchbox').fill('deploy');
  const line = timeline.getByRole('feed').getByRole('article').last();
  await expect(line.getByRole('img', { name: 'clock 42 s ahead' })).toBeVisible();
  await line.getByRole('button', { name: 'Show details' }).click();
  await expect(line).toContainText('clock 42 s ahead: as dated there');
  await timeline.getByRole('searchbox').fill('left its normal');
  await expect(timeline.getByRole('img', { name: /^clock/ })).toHaveCount(0);
});

test('the brush narrows the list by keys and by mouse, and lets it go again', async ({ app, host }) => {
  const incident = host.openIncident('Many events');
  const fromMs = incident.openedMs - 60 * MINUTE;
  host.tell(
    incident.id,
    Array.from({ length: 60 }, (_, nth) => eventNumber(incident.id, nth, fromMs + nth * MINUTE)),
  );
  await openRoom(app, incident.id);
  const timeline = app.getByRole('region', { name: 'Timeline' });
  const count = timeline.locator('.panel-count');
  await expect(count).toHaveText('60');

  const from = timeline.getByRole('slider', { name: 'Shown from' });
  await from.focus();
  for (let press = 0; press < 5; press += 1) await app.keyboard.press('Shift+ArrowRight');
  await expect(count).toHaveText('30 of 60');
  await expect(from).toHaveAttribute('aria-valuetext', /\d/);
  await timeline.getByRole('button', { name: 'Whole window' }).click();
  await expect(count).toHaveText('60');

  const strip = await timeline.locator('.time-window-lanes').boundingBox();
  if (!strip) throw new Error('the strip is drawn');
  await app.mouse.move(strip.x + strip.width * 0.25, strip.y + 5);
  await app.mouse.down();
  await app.mouse.move(strip.x + strip.width * 0.5, strip.y + 8, { steps: 4 });
  await app.mouse.up();
  await expect(count).toHaveText(/^1[3-6] of 60$/);
  await app.mouse.dblclick(strip.x + strip.width * 0.9, strip.y + 5);
  await expect(count).toHaveText('60');
});

test('an event is pinned, leads back to its place, and is reached by its link', async ({ app, host }) => {
  const incident = host.openIncident('Many events');
  host.tell(
    incident.id,
    Array.from({ length: 3_000 }, (_, nth) => eventNumber(incident.id, nth, incident.openedMs + nth)),
  );
  await openRoom(app, incident.id);
  const timeline = app.getByRole('region', { name: 'Timeline' });
  // More than comes with the room: the others were read page by page.
  await expect(timeline.locator('.panel-count')).toHaveText('3\u202f000');
  await app.evaluate((id) => {
    location.hash = `#/room/${id}/${encodeURIComponent('bench:7')}`;
  }, incident.id);
  const linked = timeline.locator('article[data-key="bench:7"]');
  await expect(linked).toBeFocused();
  await linked.getByRole('button', { name: 'Pin' }).click();
  const pins = timeline.getByRole('list', { name: 'Pinned events' });
  await expect(pins.getByRole('listitem')).toHaveCount(1);
  await timeline.getByRole('feed').evaluate((feed) => {
    feed.scrollTop = feed.scrollHeight;
  });
  await expect(linked).toHaveCount(0);
  await pins.getByRole('button').click();
  await expect(linked).toBeInViewport();
  await linked.getByRole('button', { name: 'Unpin' }).click();
  await expect(pins).toHaveCount(0);
});

test('an opened line pushes the next one down, also after it was out of view, and gives the room back when folded', async ({
  app,
  host,
}) => {
  const incident = host.openIncident('Many events');
  host.tell(
    incident.id,
    Array.from({ length: 200 }, (_, nth) =>
      eventNumber(incident.id, nth, incident.openedMs - (200 - nth) * 1_000),
    ),
  );
  await openRoom(app, incident.id);
  const feed = app.getByRole('feed', { name: 'Events' });
  const line = (nth: number) => feed.locator(`article[data-key="bench:${nth}"]`);
  const gap = async () => {
    const [one, next] = [await line(196).boundingBox(), await line(197).boundingBox()];
    if (!one || !next) throw new Error('The two lines are not drawn');
    return { height: one.height, between: next.y - one.y - one.height };
  };
  const folded = await gap();
  expect(folded.between).toBeCloseTo(0, 0);

  await line(196).getByRole('button', { name: 'Show details' }).click();
  await expect.poll(async () => (await gap()).height).toBeGreaterThan(folded.height * 2);
  await expect.poll(async () => (await gap()).between).toBeCloseTo(0, 0);

  await feed.hover();
  await app.mouse.wheel(0, -6_000);
  await expect(line(196)).toHaveCount(0);
  await app.mouse.wheel(0, 6_000);
  await expect(line(197)).toBeVisible();
  await expect.poll(async () => (await gap()).height).toBeGreaterThan(folded.height * 2);
  await expect.poll(async () => (await gap()).between).toBeCloseTo(0, 0);

  await line(196).getByRole('button', { name: 'Fold details' }).click();
  await expect.poll(gap).toEqual(folded);
});
