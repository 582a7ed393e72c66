import type { Locator, Page } from '@playwright/test';
import type { CommandName } from '../../shared/bridge/contract.ts';
import type { FakeHost } from '../fixtures/fake-host/fake-host.ts';
import { expect, startDrill, test } from './room-with-fake-host.ts';
import { violations } from './violations.ts';

/** What a browser says of requests that fail is no complaint of the screen. */
test.use({
  expectedComplaint: /net::ERR_|WebSocket/,
  colorScheme: 'dark',
  viewport: { width: 1280, height: 720 },
  reducedMotion: 'reduce',
});

type Row = {
  panel: string;
  reads: CommandName;
  /** Goes to where it is shown, of the drill that is being played. */
  open(app: Page): Promise<unknown>;
  loading: string;
  failed: string;
  there(app: Page): Locator;
  /** What marks it as no longer new. */
  stale?: RegExp;
  /** Something beside it that does not need what it reads. */
  alive(app: Page): Locator;
  /** What is read when there is nothing, and the words for it; null where there is always something. */
  empty: { answer(host: FakeHost): unknown; words: string | RegExp } | null;
  before?(host: FakeHost): void;
};

const place = (name: string) => (app: Page) => app.getByRole('link', { name, exact: true }).click();
const at = (hash: string) => (app: Page) =>
  app.evaluate((to) => {
    location.hash = to;
  }, hash);
const tab = (name: string) => async (app: Page) => {
  await place('Room')(app);
  await app.getByRole('tab', { name }).click();
};
const region = (name: string) => (app: Page) => app.getByRole('region', { name, exact: true });
const words = (text: string | RegExp) => (app: Page) => app.getByText(text).first();

/** What the fake host answers, with some of it taken away. */
const without =
  (name: CommandName, input: unknown, less: object) =>
  (host: FakeHost): unknown => {
    const reply = host.call(name, input);
    if (!reply.ok) throw new Error(reply.message);
    return { ...Object(reply.value), ...less };
  };
const nothing = () => [];

const ROWS: readonly Row[] = [
  {
    panel: 'the incidents',
    reads: 'incidents.list',
    open: async (app) => {
      await place('Incidents')(app);
      await app.reload();
    },
    loading: 'Reading the incidents',
    failed: 'The incidents could not be read',
    there: region('Open incidents'),
    alive: (app) => app.getByRole('button', { name: 'New incident' }),
    empty: { answer: nothing, words: 'Connect a system' },
  },
  {
    panel: 'the room',
    reads: 'incidents.room',
    open: async (app) => {
      await place('Room')(app);
      await app.reload();
    },
    loading: 'Reading the room',
    failed: 'The room could not be read',
    there: (app) => app.getByRole('feed'),
    alive: (app) => app.getByRole('button', { name: 'Stop everything' }),
    empty: {
      answer: without(
        'incidents.room',
        { incident: 'inc-1' },
        {
          events: [],
          candidates: null,
          topology: { services: [], calls: [] },
          hypotheses: [],
          proposals: [],
        },
      ),
      words: 'Nothing to decide.',
    },
  },
  {
    panel: 'the metrics',
    reads: 'metrics.overview',
    open: async (app) => {
      // They are read ahead, so that they may be there already: only a new page has none.
      await app.reload();
      await tab('Metrics')(app);
    },
    loading: 'Reading the metrics',
    failed: 'The metrics could not be read',
    there: (app) => app.getByRole('group', { name: 'Charts' }),
    stale: /The charts are as of/,
    alive: (app) => app.getByRole('feed'),
    empty: {
      answer: without('metrics.overview', { incident: 'inc-1' }, { signals: [] }),
      words: 'No source reports a metric of this incident.',
    },
  },
  {
    panel: 'the memory',
    reads: 'memory.about',
    before: (host) => {
      host.room('inc-1').memory = null;
    },
    open: async (app) => {
      await app.reload();
      await tab('Memory')(app);
    },
    loading: 'Comparing with what is remembered',
    failed: 'It could not be compared with what is remembered',
    there: words('Search past drills'),
    alive: (app) => app.getByRole('feed'),
    empty: {
      answer: () => ({ remembered: 0, novelty: null, similar: [], record: null }),
      words: 'Each drill that is closed is remembered with its cause',
    },
  },
  {
    panel: 'the calibration',
    reads: 'memory.calibration',
    open: tab('Memory'),
    loading: 'Reading what was confirmed',
    failed: 'What was confirmed could not be read',
    there: words(/the first hypothesis was believed/),
    alive: words('Search past drills'),
    empty: {
      answer: without('memory.calibration', { realm: 'drill' }, { stated: null, confirmed: null }),
      words: 'Each time a person confirms a cause',
    },
  },
  {
    panel: 'the report',
    reads: 'report.read',
    open: place('Report'),
    loading: 'Drafting the report from the record',
    failed: 'The report could not be read',
    there: (app) => app.getByRole('article', { name: 'Report draft' }),
    alive: (app) => app.getByRole('button', { name: 'Export report' }),
    empty: {
      answer: (host) => {
        const { sections } = without('report.read', { incident: 'inc-1' }, {})(host) as {
          sections: object[];
        };
        const bare = sections.map((one) => ({ ...one, generated: '', written: null }));
        return without('report.read', { incident: 'inc-1' }, { sections: bare })(host);
      },
      words: 'Nobody has written this yet.',
    },
  },
  {
    panel: 'the entries of the ledger',
    reads: 'ledger.entries',
    open: place('Ledger'),
    loading: 'Reading the entries',
    failed: 'The entries could not be read',
    there: region('Entries'),
    alive: region('Denials'),
    empty: null,
  },
  {
    panel: 'the denials',
    reads: 'ledger.denials',
    open: place('Ledger'),
    loading: 'Counting the denials',
    failed: 'The denials could not be counted',
    there: (app) => app.getByRole('img', { name: /denials? by the guard/ }),
    alive: region('Entries'),
    empty: { answer: () => ({ days: [], isCut: false }), words: 'Nothing was denied in' },
  },
  {
    panel: 'the weekly review',
    reads: 'review.read',
    open: async (app) => {
      await place('Ledger')(app);
      await app.getByRole('button', { name: 'Weekly review' }).click();
    },
    loading: 'Going through the week',
    failed: 'The week could not be read',
    there: region('Weekly review'),
    alive: (app) => app.getByRole('button', { name: 'Entries' }),
    empty: {
      answer: without(
        'review.read',
        { realm: 'drill', atMs: Date.now() },
        { incidents: [], denials: [], waited: [], mistakes: [] },
      ),
      words: 'No incident was open this week.',
    },
  },
  {
    panel: 'the envelope',
    reads: 'envelope.show',
    open: place('Envelope'),
    loading: 'Reading the envelope',
    failed: 'The envelope could not be read',
    there: (app) => app.getByRole('heading', { name: 'Versions' }),
    alive: (app) => app.getByRole('heading', { name: 'Envelope', level: 1 }),
    empty: { answer: without('envelope.show', {}, { versions: [] }), words: 'None is on record yet.' },
  },
  {
    panel: 'the credentials',
    reads: 'credentials.list',
    open: place('Envelope'),
    loading: 'Reading the credentials',
    failed: 'The credentials could not be read',
    there: (app) => app.getByRole('article', { name: 'Kubernetes' }),
    alive: (app) => app.getByRole('heading', { name: 'Versions' }),
    empty: { answer: nothing, words: 'No cluster is connected.' },
  },
  {
    panel: 'what was sent',
    reads: 'sent.list',
    open: at('#/sent/inc-1'),
    loading: 'Reading what was sent',
    failed: 'What was sent could not be read',
    there: (app) => app.getByRole('list', { name: 'Requests' }),
    alive: (app) => app.getByRole('heading', { name: 'What left this machine' }),
    empty: null,
  },
  {
    panel: 'the scenarios',
    reads: 'drills.list',
    open: async (app) => {
      await place('Incidents')(app);
      await app.getByRole('button', { name: 'Run a drill' }).click();
    },
    loading: 'Reading the scenarios',
    failed: 'The scenarios could not be read',
    there: (app) => app.getByRole('group', { name: 'Scenario' }),
    alive: (app) => app.getByRole('button', { name: 'Close' }),
    empty: { answer: nothing, words: 'There is no scenario in resources/scenarios.' },
  },
  {
    panel: 'the debrief',
    reads: 'drills.debrief',
    before: (host) => void host.call('drills.end', {}),
    open: at('#/drills/inc-1/debrief'),
    loading: 'Reading the debrief',
    failed: 'There is no debrief to read',
    there: region('Beside earlier drills'),
    alive: (app) => app.getByRole('heading', { name: 'Debrief' }),
    empty: null,
  },
  {
    panel: 'the connections',
    reads: 'connections.list',
    open: place('Settings'),
    loading: 'Reading the connections',
    failed: 'The connections could not be read',
    there: words('No system is connected.'),
    alive: (app) => app.getByRole('form', { name: 'Model settings' }),
    empty: { answer: nothing, words: 'No system is connected.' },
  },
  {
    panel: 'the model',
    reads: 'model.show',
    open: place('Settings'),
    loading: 'Reading the model settings',
    failed: 'The model settings could not be read',
    there: (app) => app.getByRole('form', { name: 'Model settings' }),
    alive: words('No system is connected.'),
    empty: null,
  },
  {
    panel: 'the notifications',
    reads: 'telling.show',
    open: place('Settings'),
    loading: 'Reading who is told',
    failed: 'It could not be read who is told',
    there: (app) => app.getByRole('form', { name: 'Where links lead' }),
    alive: (app) => app.getByRole('form', { name: 'Model settings' }),
    empty: null,
  },
  {
    panel: 'the identities',
    reads: 'identity.list',
    open: place('Settings'),
    loading: 'Reading the identities',
    failed: 'The identities could not be read',
    there: (app) => app.getByRole('button', { name: 'Save the name' }),
    alive: (app) => app.getByRole('form', { name: 'Model settings' }),
    empty: null,
  },
];

for (const row of ROWS) {
  const { panel, reads, loading, failed, there, alive, empty, stale = /could not be read again/ } = row;

  test(`${panel}: waited for, failed, tried again, kept when it is no longer new, and caught up with`, async ({
    app,
    host,
    served,
  }) => {
    // Four states with two looks by axe, and two losses of the host.
    test.slow();
    const lost = app.getByText('The connection to Countersign is lost');
    await startDrill(app);
    row.before?.(host);

    served.hold(reads);
    await row.open(app);
    await expect(app.getByText(loading)).toBeVisible();

    served.fail(reads);
    served.letGo(reads);
    const failure = app.getByRole('alert').filter({ hasText: failed });
    await expect(failure).toContainText('The data file could not be read.');
    await expect(alive(app)).toBeVisible();
    await app.screenshot({ path: `test-results/states/${reads}-failed.png` });
    expect(await violations(app), 'failed').toEqual([]);

    served.mend(reads);
    await failure.getByRole('button', { name: 'Try again' }).click();
    await expect(there(app)).toBeVisible();
    await expect(failure).toBeHidden();

    served.fail(reads);
    served.breakSockets();
    const mark = app.getByRole('alert').filter({ hasText: stale });
    await expect(mark).toContainText('The data file could not be read.');
    await expect(there(app)).toBeVisible();
    await app.screenshot({ path: `test-results/states/${reads}-stale.png` });
    expect(await violations(app), 'stale').toEqual([]);
    served.mend(reads);
    await mark.getByRole('button', { name: 'Try again' }).click();
    await expect(mark).toBeHidden();

    served.goAway();
    await expect(lost).toBeVisible();
    await expect(there(app)).toBeVisible();
    await app.screenshot({ path: `test-results/states/${reads}-offline.png` });
    if (empty) served.answer(reads, empty.answer(host));
    served.comeBack();
    await expect(lost).toBeHidden({ timeout: 15_000 });
    if (empty) await expect(app.getByText(empty.words).first()).toBeVisible();
    else await expect(there(app)).toBeVisible();
    await app.screenshot({ path: `test-results/states/${reads}-empty.png` });
  });
}

/** The panels of a room are read together, and each has words of its own for having nothing yet. */
const OF_A_ROOM = [
  { panel: 'Timeline', says: 'Nothing has been heard yet.', brings: 'as soon as a source delivers them' },
  { panel: 'Correlation', says: 'No service is known yet.', brings: 'none is connected' },
  { panel: 'Correlation', says: 'No candidates yet.', brings: 'as soon as a metric leaves its normal' },
  {
    panel: 'Analyst',
    says: 'The analyst has not read anything yet.',
    brings: 'appears here and in the ledger',
  },
  { panel: 'Hypotheses', says: 'No hypothesis yet.', brings: 'evidence for and against it' },
  { panel: 'Proposals', says: 'Nothing to decide.', brings: 'its card appears here and waits for you' },
  { panel: 'Escalations', says: 'Nothing waits for a human', brings: 'until somebody takes it' },
];

for (const colorScheme of ['dark', 'light'] as const)
  for (const viewport of [
    { width: 1280, height: 720 },
    { width: 1920, height: 1080 },
  ])
    test.describe(`${colorScheme} at ${viewport.width}`, () => {
      test.use({ colorScheme, viewport });

      test('each panel of a room without anything says what it will show and what brings it', async ({
        app,
        host,
      }) => {
        const { id } = host.openIncident('Nothing was heard');
        await at(`#/room/${id}`)(app);
        for (const { panel, says, brings } of OF_A_ROOM) {
          if (panel === 'Analyst') await app.getByRole('tab', { name: panel }).click();
          const shown = region(panel)(app);
          await expect(shown).toContainText(says);
          await expect(shown).toContainText(brings);
        }
        for (const name of ['Correlation', 'Analyst', 'Metrics', 'Memory']) {
          await app.getByRole('tab', { name }).click();
          await expect(region(name)(app)).toBeVisible();
          await app.screenshot({
            path: `test-results/states/room-${name}-${colorScheme}-${viewport.width}.png`,
          });
        }
        expect(await violations(app)).toEqual([]);
      });
    });

test('earlier events that cannot be read are named, and read when they are asked for again', async ({
  app,
  host,
  served,
}) => {
  const { id, openedMs } = host.openIncident('A long night');
  host.tell(
    id,
    Array.from({ length: 1_200 }, (_, index) => ({
      incident: id,
      kind: 'note' as const,
      key: `note-${index}`,
      atMs: openedMs + index,
      service: null,
      title: index === 0 ? 'how it began' : `line ${index}`,
      source: 'Mina',
      author: 'Mina',
    })),
  );
  served.fail('timeline.before');
  await at(`#/room/${id}`)(app);
  const timeline = region('Timeline')(app);
  await expect(timeline.getByRole('alert')).toContainText('200 earlier events could not be read.');
  await expect(timeline.getByRole('feed')).toContainText('line 1199');
  expect(await violations(app)).toEqual([]);
  served.mend('timeline.before');
  await timeline.getByRole('button', { name: 'Try again' }).click();
  await expect(timeline.getByRole('alert')).toBeHidden();
  await timeline.getByRole('searchbox').fill('began');
  await expect(timeline.getByRole('feed')).toContainText('how it began');
});

test('an event that the screen does not understand keeps its place and leaves the others alone', async ({
  app,
  host,
}) => {
  const { id, openedMs } = host.openIncident('A long night');
  const notes = Array.from({ length: 1_010 }, (_, index) => ({
    incident: id,
    kind: 'note' as const,
    key: `note-${index}`,
    atMs: openedMs + index,
    service: null,
    title: `line ${index}`,
    source: 'Mina',
    author: 'Mina',
  }));
  host.tell(
    id,
    notes.map((note, index) => (index === 3 ? { ...note, trace: 'of a later version' as never } : note)),
  );
  await at(`#/room/${id}`)(app);
  const timeline = region('Timeline')(app);
  await expect(timeline.locator('.panel-count')).toHaveText('1\u202f010');
  await timeline.getByRole('feed').evaluate((feed) => {
    feed.scrollTop = 0;
  });
  const lines = timeline.getByRole('article');
  await expect(lines.nth(3)).toContainText('A note that this screen does not understand.');
  await expect(lines.nth(4)).toContainText('line 4');
  await lines.nth(3).focus();
  await app.keyboard.press('j');
  await expect(lines.nth(4)).toBeFocused();
  expect(await violations(app)).toEqual([]);
  await timeline.getByRole('searchbox').fill('line 2');
  await expect(timeline.getByRole('feed')).toContainText('line 2');
});
