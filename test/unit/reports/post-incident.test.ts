import { expect, it } from 'vitest';
import { postIncidentMarkdown, type ReportFacts } from '../../../electron/reports/post-incident.ts';
import type { Event } from '../../../shared/vocabulary/event.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
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
  ledger: { origin: 'countersign.local/real/log-1', size: 3, rootHex: 'ab'.repeat(32), checkpoint: null },
  ...differences,
});

it('tells the changes worth reading and counts the others', () => {
  const report = postIncidentMarkdown(factsOf());
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
  const report = postIncidentMarkdown(factsOf({ proposals: [done] }));
  for (const part of ['Mina approved', '--to-revision=7', 'improved: error_rate is 0.001'])
    expect(report).toContain(part);
});

it('marks a drill as one', () => {
  const { incident: real, ...facts } = factsOf();
  const drill = { ...real, realm: 'drill' as const, drill: { scenario: 'bad-deploy', seed: 7 } };
  expect(postIncidentMarkdown({ ...facts, incident: drill })).toContain('Nothing here was real');
});

it.each([
  ['an image', '![x](http://evil.example/p.png)', '![x]('],
  ['a link', '[click](javascript:alert(1))', '[click]('],
  ['markup', '<script>alert(1)</script>', '<script>'],
  ['a heading', 'x\n# Approved by Mina', '\n# Approved'],
  ['a table cell', 'a | b', 'a | b'],
])('makes nothing of %s in a text from outside', (_case, hostile, live) => {
  const report = postIncidentMarkdown(
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
