import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LedgerEntry } from '../../../electron/ledger/entry.ts';
import { DAY_MS, denialDays, denialsIn } from '../../../electron/reports/denials.ts';
import { type WeekFacts, weeklyReview, weekOf } from '../../../electron/reports/weekly-review.ts';
import type { Escalation } from '../../../shared/vocabulary/escalation.ts';
import { EscalationId, IncidentId } from '../../../shared/vocabulary/ids.ts';
import type { Progress } from '../../../shared/vocabulary/proposal.ts';
import { decisionOf, proposalOf } from '../../fixtures/proposal-of.ts';

const MINUTE = 60_000;
const fromMs = Date.parse('2026-03-02T00:00:00Z');
const toMs = fromMs + 7 * DAY_MS;
const incident = IncidentId.parse('inc-1');

const factsOf = (differences: Partial<WeekFacts> = {}): WeekFacts => ({
  realm: 'real',
  fromMs,
  toMs,
  nowMs: fromMs + DAY_MS,
  incidents: [],
  causeOf: () => null,
  proposals: [],
  escalations: [],
  denials: [],
  stated: [],
  signOff: null,
  ...differences,
});
const escalationOf = (differences: Partial<Escalation> = {}): Escalation => ({
  id: EscalationId.parse('esc-1'),
  incident,
  title: 'Fail over the gateway',
  because: 'no action for it',
  recommended: 'runbook PAY-12',
  proposal: null,
  openedMs: fromMs,
  dueMs: fromMs + 15 * MINUTE,
  closed: null,
  ...differences,
});
const taken = (afterMs: number) => ({ holders: [{ person: 'Mina', atMs: fromMs + afterMs }] });
const entry = (
  kind: LedgerEntry['kind'],
  body: LedgerEntry['body'],
  atMs = fromMs,
  seq = 1,
): LedgerEntry => ({
  v: 1,
  seq,
  kind,
  at: new Date(atMs).toISOString(),
  realm: 'real',
  actor: kind === 'verdict' ? { kind: 'guard', name: 'guard' } : { kind: 'person', name: 'Mina' },
  body,
});
const concluded = (outcome: 'improved' | 'unchanged' | 'worse', intentMs = fromMs): Progress => ({
  state: 'done',
  decision: decisionOf(),
  execution: { intentMs, steps: [], endedMs: intentMs },
  watch: { before: 1, samples: [], untilMs: intentMs },
  outcome,
  sentence: `it ${outcome}`,
});

it('begins each week on a Monday in UTC, and every moment lies in its own', () => {
  expect(weekOf(Date.parse('2026-03-08T23:59:59.999Z')).fromMs).toBe(fromMs);
  expect(weekOf(toMs).fromMs).toBe(toMs);
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 4e12 }), (atMs) => {
      const week = weekOf(atMs);
      expect(week.fromMs <= atMs && atMs < week.toMs).toBe(true);
      expect(new Date(week.fromMs).getUTCDay()).toBe(1);
    }),
  );
});

it('finds the denials of guard and people, and nothing that was allowed', () => {
  const rules = [{ rule: 'open-window', sentence: 'No window is open' }];
  const denials = denialsIn(
    [
      entry('verdict', { proposal: 'prop-1', kind: 'deny', rules }),
      entry('verdict', { proposal: 'prop-1', kind: 'offer', rules }),
      entry('decision', { proposal: 'prop-1', answer: 'deny', reason: { $erased: 'erased under rule r' } }),
      entry('decision', { proposal: 'prop-2', answer: 'approve', reason: '' }),
    ],
    (id) => (id === 'prop-1' ? 'Roll back' : undefined),
  );
  expect(denials).toMatchObject([
    { by: 'guard', what: 'Roll back', because: 'No window is open' },
    { by: 'person', who: 'Mina', because: 'erased under rule r' },
  ]);
});

it('counts every denial of its span in exactly one day', () => {
  const denial = fc.record({
    atMs: fc.integer({ min: fromMs - DAY_MS, max: fromMs + 10 * DAY_MS }),
    by: fc.constantFrom('guard' as const, 'person' as const),
  });
  fc.assert(
    fc.property(fc.array(denial), fc.integer({ min: 1, max: 9 }), (denials, days) => {
      const inSpan = denials.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + days * DAY_MS);
      const counted = denialDays(denials, fromMs, days);
      expect(counted).toHaveLength(days);
      expect(counted.reduce((sum, { byGuard, byPeople }) => sum + byGuard + byPeople, 0)).toBe(inSpan.length);
    }),
  );
});

it.each([
  ['one that was taken in time', taken(14 * MINUTE), 0],
  ['one that was taken too late', taken(16 * MINUTE), 1],
  ['one that nobody took', {}, 1],
  [
    'one that was closed in time without being taken',
    { closed: { atMs: fromMs + 1, person: 'M', reason: 'x' } },
    0,
  ],
  ['one that became late in the week before', { openedMs: fromMs - DAY_MS, dueMs: fromMs - 1 }, 0],
])('lists under what waited too long: %s', (_what, differences, count) => {
  const { waited } = weeklyReview(factsOf({ escalations: [escalationOf(differences)] }));
  expect(waited).toHaveLength(count);
});

it('calls wrong what was not confirmed and what did not help, and only what the analyst proposed', () => {
  const stated = { incident, claim: 'the pool', confidence: 0.6, confirmed: 'the release' };
  const { mistakes, causes, executed, helped } = weeklyReview(
    factsOf({
      stated: [
        { ...stated, isRight: false },
        { ...stated, isRight: true },
      ],
      proposals: [
        proposalOf({ progress: concluded('worse') }),
        proposalOf({ progress: concluded('improved') }),
        proposalOf({ progress: concluded('unchanged'), proposedBy: { kind: 'person', name: 'Mina' } }),
        proposalOf({ progress: concluded('worse', fromMs - 1) }),
      ],
    }),
  );
  expect(mistakes).toMatchObject([
    { kind: 'hypothesis', confirmed: 'the release' },
    { kind: 'action', outcome: 'worse' },
  ]);
  expect({ causes, executed, helped }).toEqual({ causes: { named: 1, of: 2 }, executed: 3, helped: 1 });
});

it('keeps a sign-off current while only time passes, and not when anything else came', () => {
  const facts = factsOf({ escalations: [escalationOf()] });
  const { digest } = weeklyReview(facts);
  const signOff = { seq: 9, atMs: fromMs, person: 'Mina', note: '', digest };
  const later = { ...facts, nowMs: facts.nowMs + MINUTE, signOff };
  expect(weeklyReview(later).signOff).toMatchObject({ isCurrent: true });
  const proposals = [proposalOf({ progress: concluded('worse') })];
  expect(weeklyReview({ ...later, proposals }).signOff).toMatchObject({ isCurrent: false });
});
