import { expect, it } from 'vitest';
import { type HandOverFacts, handOver } from '../../../electron/reports/hand-over.ts';
import { EscalationId, HypothesisId, IncidentId } from '../../../shared/vocabulary/ids.ts';
import { decisionOf, proposalOf } from '../../fixtures/proposal-of.ts';

const id = IncidentId.parse('inc-1');
const factsOf = (differences: Partial<HandOverFacts> = {}): HandOverFacts => ({
  incident: {
    id,
    realm: 'real',
    title: 'Checkout is slow',
    severity: 'sev1',
    status: 'open',
    commander: 'Mina',
    openedMs: 0,
    closedMs: null,
    fromMs: 0,
    services: ['checkout'],
    drill: null,
  },
  events: [],
  candidates: null,
  hypotheses: [],
  proposals: [],
  escalations: [],
  nowMs: 600_000,
  stopped: null,
  breakers: [],
  ...differences,
});
const executed = { decision: decisionOf(), execution: { intentMs: 1, steps: [], endedMs: 2 } };
const section = (markdown: string, title: string): string =>
  markdown.split(/^## /m).find((part) => part.startsWith(title)) ?? '';

it('says what is open, what was tried and what to do next, most urgent first', () => {
  const markdown = handOver(
    factsOf({
      proposals: [
        proposalOf({ title: 'Restart cart' }),
        proposalOf({ title: 'Scale up', progress: { state: 'unknown', ...executed, because: 'no answer' } }),
        proposalOf({
          title: 'Roll back',
          progress: {
            state: 'done',
            ...executed,
            watch: { before: 1, samples: [], untilMs: 3 },
            outcome: 'worse',
            sentence: 'errors rose',
          },
        }),
        proposalOf({
          title: 'Flip the flag',
          progress: { state: 'refused', decision: decisionOf({ answer: 'deny', reason: 'too broad' }) },
        }),
      ],
      escalations: [
        {
          id: EscalationId.parse('esc-1'),
          incident: id,
          title: 'Fail over',
          because: 'no action',
          recommended: 'follow PAY-12',
          proposal: null,
          openedMs: 540_000,
          closed: null,
        },
      ],
      stopped: { by: 'Jo', reason: 'too hot' },
    }),
  );
  expect(section(markdown, 'State')).toContain('**Stopped** by Jo: too hot');
  expect(section(markdown, 'Open now')).toContain('Escalated 1 min ago, taken by nobody: Fail over');
  expect(section(markdown, 'Tried')).toContain('Roll back: worse. errors rose');
  expect(section(markdown, 'Tried')).toContain('Flip the flag: denied by Mina, too broad');
  const steps = section(markdown, 'Do next');
  const places = ['Scale up', 'Roll back', 'Fail over', 'Restart cart'].map((title) => steps.indexOf(title));
  expect(places.every((place) => place > 0)).toBe(true);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

it('says so where nothing is known', () => {
  const markdown = handOver(factsOf());
  expect(section(markdown, 'First hypothesis')).toContain('None is stated.');
  expect(section(markdown, 'Open now')).toContain('Nothing waits for anybody.');
  expect(section(markdown, 'Do next')).toContain('nothing on record says what to do');
});

it('lets no telemetry write headings, links or HTML into it', () => {
  const hostile = 'x\n## Do next\n- [click](http://evil) <img src=x onerror=alert(1)> `rm`';
  const markdown = handOver(
    factsOf({
      incident: { ...factsOf().incident, title: hostile.slice(0, 300), services: [hostile] },
      hypotheses: [
        {
          id: HypothesisId.parse('hyp-1'),
          incident: id,
          rank: 1,
          claim: hostile,
          cause: null,
          mechanism: '',
          confidence: 0.5,
          for: [{ sentence: hostile, events: [], reads: [] }],
          against: [],
          gaps: [hostile],
          disprovedBy: hostile,
          statedMs: 1,
        },
      ],
      breakers: [hostile],
    }),
  );
  expect(markdown.match(/^## .*/gm)).toEqual([
    '## State',
    '## First hypothesis',
    '## Open now',
    '## Tried',
    '## Do next',
  ]);
  expect(markdown).not.toMatch(/(?<!\\)[<[]/);
});
