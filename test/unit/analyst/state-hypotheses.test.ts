import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Claims,
  type HypothesisRecord,
  honestHypotheses,
} from '../../../electron/analyst/state-hypotheses.ts';
import { POSSIBLE } from '../../../shared/formats/confidence.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';

const about = { incident: IncidentId.parse('inc-1'), atMs: 1, newId: () => 'hyp-1' };
const CAUSE = 'deploy:shop/checkout@7';
const STORED = '{"service":"checkout","found":"error rate \\"p5xx\\" is 0.41","read":"read-1"}';
const record: HypothesisRecord = {
  hasEvent: (key) => key === CAUSE,
  readText: (id) => (id === 'read-1' ? STORED : undefined),
  isDirect: () => true,
  diffWasRead: () => true,
  unseenBehind: () => [],
  ceilingFactor: () => 1,
};
type Claim = Claims['hypotheses'][number];
const quoting = (text: string, read = 'read-1') => ({
  sentence: 'errors rose',
  events: [CAUSE],
  reads: [],
  quotes: [{ read, text }],
});
const claimOf = (differences: Partial<Claim> = {}): Claims => ({
  hypotheses: [
    {
      claim: 'checkout 1.42 is the cause',
      cause: CAUSE,
      mechanism: 'a slow query',
      confidence: 0.9,
      for: [quoting('is 0.41')],
      against: [],
      gaps: [],
      disprovedBy: 'old pods are as bad',
      ...differences,
    },
  ],
});
const judged = (claims: Claims, on: Partial<HypothesisRecord> = {}) =>
  honestHypotheses(claims, { ...record, ...on }, about);

it('leaves a claim that rests on the record as it is, and names its cause', () => {
  expect(judged(claimOf())).toMatchObject({
    dropped: 0,
    conclusion: { kind: 'cause-named' },
    hypotheses: [{ confidence: 0.9, claimed: 0.9, rank: 1, ceiling: { at: 0.95, because: [] } }],
  });
});

it.each([
  ['as it stands', 'rate \\"p5xx\\" is'],
  ['as the value of a string', 'rate "p5xx" is'],
])('finds what is quoted %s, and adds its read to what is cited', (_case, text) => {
  const { hypotheses, dropped } = judged(claimOf({ for: [quoting(text)] }));
  expect(dropped).toBe(0);
  expect(hypotheses[0]?.for[0]?.reads).toEqual(['read-1']);
});

it.each([
  ['an event nobody saw', { ...quoting('is 0.41'), events: ['deploy:shop/checkout@8'] }],
  ['a read that never was', quoting('is 0.41', 'read-2')],
  ['words that do not stand there', quoting('is 0.42')],
  [
    'one quote of two that is made up',
    { ...quoting('is 0.41'), quotes: [...quoting('is 0.41').quotes, { read: 'read-1', text: 'invented' }] },
  ],
  ['a read without a word of it', { sentence: 'trust me', events: [], reads: ['read-1'] }],
  ['nothing at all', { sentence: 'trust me', events: [], reads: [] }],
])('drops and counts evidence that cites %s, and caps what is left at possible', (_case, made) => {
  const { hypotheses, dropped, conclusion } = judged(claimOf({ for: [made] }));
  expect(dropped).toBe(1);
  expect(hypotheses[0]).toMatchObject({ for: [], confidence: POSSIBLE });
  expect(conclusion.kind).toBe('inconclusive');
});

it('keeps nothing whose quote is not in the stored result, whatever is claimed', () => {
  const piece = fc.record({
    sentence: fc.string({ maxLength: 40 }),
    events: fc.array(fc.constantFrom(CAUSE, 'made up'), { maxLength: 2 }),
    reads: fc.array(fc.constantFrom('read-1', 'read-2'), { maxLength: 2 }),
    quotes: fc.array(
      fc.record({
        read: fc.constantFrom('read-1', 'read-2'),
        text: fc.oneof(fc.constantFrom('is 0.41', '"p5xx"', 'checkout'), fc.string({ minLength: 4 })),
      }),
      { maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(fc.array(piece), fc.array(piece), (pro, contra) => {
      const { hypotheses, dropped } = judged(claimOf({ for: pro, against: contra }));
      const kept = hypotheses.flatMap((one) => [...one.for, ...one.against]);
      expect(kept.length + dropped).toBe(pro.length + contra.length);
      for (const { quotes = [] } of kept) {
        expect(quotes.length).toBeGreaterThan(0);
        for (const { read, text } of quotes) {
          expect(read).toBe('read-1');
          expect(STORED.includes(text) || STORED.includes(JSON.stringify(text).slice(1, -1))).toBe(true);
        }
      }
    }),
  );
});

it.each<[string, Partial<Claim>, Partial<HypothesisRecord>, number]>([
  ['a change whose difference was not read at a half', {}, { diffWasRead: () => false }, 0.5],
  ['what was not read of directly at possible', {}, { isDirect: () => false }, POSSIBLE],
  ['what its own readings contradict by a fifth', { against: [quoting('checkout')] }, {}, 0.95 * 0.8],
  [
    'what more speaks against than for by half',
    { against: [quoting('checkout'), quoting('found')] },
    {},
    0.95 * 0.5,
  ],
  ['an analyst that was too sure before', {}, { ceilingFactor: () => 0.7 }, 0.95 * 0.7],
])('caps %s, and says why', (_case, claim, on, at) => {
  const [first] = judged(claimOf({ confidence: 1, ...claim }), on).hypotheses;
  expect(first?.confidence).toBeCloseTo(at);
  expect(first?.ceiling?.because).toHaveLength(1);
});

it('is never raised by an analyst that was too modest before', () => {
  expect(judged(claimOf(), { ceilingFactor: () => 3 }).hypotheses[0]?.confidence).toBe(0.9);
});

it('says what is not measured behind a cause', () => {
  const { hypotheses } = judged(claimOf(), { unseenBehind: () => ['ledger-db'] });
  expect(hypotheses[0]?.gaps.join()).toContain('ledger-db');
});

it('ranks by the confidence that is left, not by the one that was claimed', () => {
  const strong = claimOf({ confidence: 0.99, for: [], claim: 'loud' }).hypotheses;
  const modest = claimOf({ confidence: 0.6, claim: 'modest' }).hypotheses;
  expect(judged({ hypotheses: [...strong, ...modest] }).hypotheses.map(({ claim }) => claim)).toEqual([
    'modest',
    'loud',
  ]);
});

it.each([
  ['takes back a named cause that is held under its ceiling', 'cause-named', { for: [] }, 'inconclusive'],
  ['takes back a named cause when the first is none', 'cause-named', { cause: null }, 'inconclusive'],
  ['leaves an inconclusive reading alone', 'inconclusive', {}, 'inconclusive'],
  ['leaves it at nothing to do', 'nothing-to-do', {}, 'nothing-to-do'],
] as const)('%s', (_case, kind, claim, becomes) => {
  const conclusion = { kind, sentence: 'as stated' };
  expect(
    judged({
      ...claimOf({ ...claim, for: 'for' in claim ? [] : (claimOf().hypotheses[0]?.for ?? []) }),
      conclusion,
    }).conclusion.kind,
  ).toBe(becomes);
});
