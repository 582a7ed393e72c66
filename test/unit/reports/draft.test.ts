import { expect, it } from 'vitest';
import type { LedgerEntry } from '../../../electron/ledger/entry.ts';
import { draftOf, everyLine } from '../../../electron/reports/draft.ts';
import { asMarkdown } from '../../../electron/reports/formats/as-markdown.ts';
import { reportFile } from '../../../electron/reports/formats/report-file.ts';
import type { ReportFacts } from '../../../electron/reports/report-facts.ts';
import type { Event } from '../../../shared/vocabulary/event.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import { SectionName } from '../../../shared/vocabulary/report.ts';
import { decisionOf, proposalOf } from '../../fixtures/proposal-of.ts';

const incident = IncidentId.parse('inc-1');
const change = (n: number): Event => ({
  kind: 'change',
  change: 'deploy',
  incident,
  key: `deploy:shop/s@${n}`,
  atMs: n * 1_000,
  service: 's',
  title: `s ${n} rolled out`,
  source: 'cluster',
});
const factsOf = (differences: Partial<ReportFacts> = {}): ReportFacts => ({
  incident: {
    id: incident,
    realm: 'real',
    title: 'Checkout is slow',
    severity: 'sev1',
    status: 'closed',
    commander: 'Mina',
    openedMs: 1_000,
    closedMs: 9_000,
    fromMs: 0,
    services: ['checkout'],
    drill: null,
  },
  events: [change(1), change(2), change(3)],
  candidates: {
    atMs: 1,
    onsetMs: 500,
    changes: [
      {
        id: 'deploy:shop/s@2',
        kind: 'deploy',
        service: 's',
        title: 's 2',
        atMs: 2_000,
        score: 1,
        factors: [],
        reasons: [],
      },
    ],
    services: [],
    anomalies: [],
    novelty: 0.1,
    worthReading: 1,
  },
  hypotheses: [],
  proposals: [],
  escalations: [],
  entries: [],
  written: {},
  ledger: { origin: 'countersign.local/real/log-1', size: 3, rootHex: 'ab'.repeat(32), checkpoint: null },
  ...differences,
});

const markdownOf = (facts: ReportFacts) => asMarkdown(draftOf(facts));

it('tells the changes worth reading and counts the others', () => {
  const report = markdownOf(factsOf());
  expect(report).toContain('s 2 rolled out');
  expect(report).not.toContain('s 3 rolled out');
  expect(report).toContain('2 further changes');
});

it('tells who decided, the way back and the outcome of an action', () => {
  const decision = decisionOf();
  const execution = { intentMs: 1, steps: [], endedMs: 2 };
  const watch = { before: 0.2, samples: [], untilMs: 3 };
  const done = proposalOf({
    progress: {
      state: 'done',
      decision,
      execution,
      watch,
      outcome: 'improved',
      sentence: 'error_rate is 0.001',
    },
  });
  const report = markdownOf(factsOf({ proposals: [done] }));
  for (const part of ['Mina approved', '--to-revision=7', 'improved: error_rate is 0.001'])
    expect(report).toContain(part);
});

it('marks a drill as one', () => {
  const { incident: real, ...facts } = factsOf();
  const drill = { ...real, realm: 'drill' as const, drill: { scenario: 'bad-deploy', seed: 7 } };
  expect(markdownOf({ ...facts, incident: drill })).toContain('Nothing here was real');
});

it.each([
  ['an image', '![x](http://evil.example/p.png)', '![x]('],
  ['a link', '[click](javascript:alert(1))', '[click]('],
  ['markup', '<script>alert(1)</script>', '<script>'],
  ['a heading', 'x\n# Approved by Mina', '\n# Approved'],
  ['a table cell', 'a | b', 'a | b'],
])('makes nothing of %s in a text from outside', (_case, hostile, live) => {
  const report = markdownOf(
    factsOf({
      events: [
        {
          kind: 'note',
          incident,
          key: 'n',
          atMs: 1,
          service: null,
          title: hostile,
          source: 'x',
          author: 'x',
        },
      ],
    }),
  );
  expect(report).not.toContain(live);
});

const note = (title: string, atMs = 1): Event => ({
  kind: 'note',
  incident,
  key: `note-${atMs}`,
  atMs,
  service: null,
  title,
  source: 'Mina',
  author: 'Mina',
});

it('keeps what a person wrote apart from what the record gives, and says whose it is', () => {
  const facts = factsOf({
    written: { 'went-well': { text: 'The **canary** told us.', by: 'Mina', atMs: 5_000 } },
  });
  const section = draftOf(facts).sections.find(({ name }) => name === 'went-well');
  expect(section).toMatchObject({ generated: '', written: { by: 'Mina' } });
  expect(markdownOf(facts)).toContain(
    'The **canary** told us.\n\n_Written by Mina at 1970-01-01 00:00:05 UTC._',
  );
  expect(markdownOf(facts)).toContain('_Nobody has written this yet.');
});

it('has the sections of a good review, each once and in order', () => {
  expect(draftOf(factsOf()).sections.map(({ name }) => name)).toEqual(SectionName.options);
});

it('puts every fact into strict order of time, with the entry it stands on', () => {
  const entry: LedgerEntry = {
    v: 1,
    seq: 17,
    kind: 'note',
    at: '1970-01-01T00:00:00.004Z',
    realm: 'real',
    incident,
    actor: { kind: 'person', name: 'Mina' },
    body: { key: 'note-4', text: 'asked' },
  };
  const lines = everyLine(factsOf({ events: [note('b', 9), note('asked', 4), change(0)], entries: [entry] }));
  expect(lines.map(({ atMs, entry: place }) => [atMs, place])).toEqual([
    [0, null],
    [4, 17],
    [9, null],
  ]);
});

it('finds the decision a line is about by its proposal, not the nearest of another', () => {
  const decided = (seq: number, proposal: string, at: string): LedgerEntry => ({
    v: 1,
    seq,
    kind: 'decision',
    at,
    realm: 'real',
    incident,
    actor: { kind: 'person', name: 'Mina' },
    body: { proposal },
  });
  const entries = [
    decided(3, 'prop-1', '1970-01-01T00:00:01.000Z'),
    decided(5, 'prop-2', '1970-01-01T00:00:02.000Z'),
  ];
  const line = {
    kind: 'record',
    sort: 'decision',
    incident,
    key: 'r',
    atMs: 1_900,
    service: null,
    title: 'Mina approved',
    source: 'countersign',
    ref: 'prop-1',
  } as const;
  expect(everyLine(factsOf({ events: [line], entries }))[0]?.entry).toBe(3);
});

it.each([undefined, {}])(
  'tells of a service as a whole (%j) rather than of each of its versions once more',
  (whole) => {
    const anomaly = (labels: Record<string, string> | undefined, metric: string) => ({
      service: 'pricing',
      metric,
      kind: 'error_rate' as const,
      ...(labels ? { labels } : {}),
      onsetMs: 500,
      direction: 'up' as const,
      strength: 9,
      baseline: 0.01,
      observed: 0.1,
      sentence: `${metric} of pricing${labels?.['version'] ? ' (one version)' : ''} rose`,
    });
    const facts = factsOf();
    if (!facts.candidates) throw new Error('these facts have candidates');
    const anomalies = [
      anomaly(whole, 'errors'),
      anomaly({ version: '2' }, 'errors'),
      anomaly({ version: '2' }, 'latency'),
    ];
    const markdown = asMarkdown(draftOf({ ...facts, candidates: { ...facts.candidates, anomalies } }));
    expect(markdown).toContain('- errors of pricing rose\n- latency of pricing (one version) rose');
  },
);

it('gives the timeline as a table in which no cell is run', async () => {
  const file = await reportFile(factsOf({ events: [note('=HYPERLINK("http://evil.example")')] }), 'csv');
  expect(file.content).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  expect(String(file.content).split('\r\n')[0]).toBe('at_utc,kind,service,what,by,ledger_entry,key');
});

it('gives a page that loads nothing, follows nothing and runs nothing', async () => {
  const hostile = '<img src=x onerror=alert(1)> ![x](https://evil.example/x.png) [go](javascript:alert(1))';
  const page = String(
    (await reportFile(factsOf({ written: { impact: { text: hostile, by: '<b>', atMs: 1 } } }), 'html'))
      .content,
  );
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/<(img|a|script|iframe|link|b)[\s>]/);
  expect(page).toContain('<h2>What went well</h2>');
});

it('gives pages to print, also of a long report with every kind of block', async () => {
  const text =
    '# h\n\n> quoted\n\n1. one\n2. two\n\n- [x] done (Mina)\n\n```\ncode\n```\n\n| a | b |\n| - | - |\n| 1 | ~~2~~ |';
  const written = { impact: { text: text.repeat(40), by: 'Mina', atMs: 1 } };
  const { content } = await reportFile(factsOf({ written }), 'pdf');
  expect(content.slice(0, 5).toString()).toBe('%PDF-');
  expect(content.length).toBeGreaterThan(5_000);
});
