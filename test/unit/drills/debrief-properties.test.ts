import fc from 'fast-check';
import { expect, it } from 'vitest';
import { debriefOf } from '../../../electron/drills/debrief.ts';
import type { DrillAnswer, DrillFacts } from '../../../electron/drills/facts.ts';
import { Debrief } from '../../../shared/vocabulary/drill.ts';
import { answerOf, DECOY, executed, factsOf, HARMLESS, stated, TRUE } from '../../fixtures/drill-facts.ts';

const minute = fc.integer({ min: 1, max: 60 });
const cause = fc.constantFrom(TRUE, DECOY, HARMLESS, 'payments', null);
const statements = fc
  .array(fc.tuple(minute, fc.uniqueArray(cause, { minLength: 1, maxLength: 4 })), { maxLength: 5 })
  .map((all) => all.sort(([a], [b]) => a - b).map(([at, causes]) => stated(at, ...causes)));
const outcome = fc.constantFrom('improved', 'unchanged', 'worse', 'inconclusive' as const);
const service = fc.constantFrom('payments', 'checkout', 'cart');
const action = fc.constantFrom('roll-back-deployment', 'scale-workload');
const done = fc.tuple(minute, outcome, service, action, fc.constantFrom(TRUE, DECOY, HARMLESS));
type Done = typeof done extends fc.Arbitrary<infer T> ? T : never;

const proposalOf = ([at, came, name, what, key]: Done, id: string) => {
  const { target } = executed(id, at, came);
  const evidence = [{ sentence: 'because', events: [key], reads: [] }];
  return executed(id, at, came, { action: what, target: { ...target, name }, evidence });
};
const proposals = fc
  .array(done, { maxLength: 4 })
  .map((all) => all.map((one, index) => proposalOf(one, `p${index}`)));
const answer = fc.constantFrom<DrillAnswer>(
  answerOf(),
  answerOf({ changes: [], helps: [] }),
  answerOf({ decoys: [] }),
);
const drill = fc.record({ statements, proposals });

const debrief = (facts: Partial<DrillFacts>, known: DrillAnswer) => debriefOf(factsOf(facts), known, []);

it('scores every drill from 0 to 100, as the sum of parts that are within their bounds', () => {
  fc.assert(
    fc.property(drill, answer, (facts, known) => {
      const one = Debrief.parse(debrief(facts, known));
      expect(one.parts.reduce((sum, { of }) => sum + of, 0)).toBe(100);
      expect(one.parts.reduce((sum, { points }) => sum + points, 0)).toBe(one.score);
      for (const { points, of } of one.parts) expect(points).toBeLessThanOrEqual(of);
    }),
  );
});

it('never scores a drill higher for one more action that harms', () => {
  fc.assert(
    fc.property(drill, answer, minute, outcome, (facts, known, at, came) => {
      const harmful = proposalOf([at, came, 'checkout', 'scale-workload', HARMLESS], 'harm');
      const more = debrief({ ...facts, proposals: [...facts.proposals, harmful] }, known);
      const before = debrief(facts, known);
      expect(more.score).toBeLessThanOrEqual(before.score);
      expect(more.harm).toHaveLength(before.harm.length + 1);
    }),
  );
});

it('never scores a drill higher for a later mitigation, or a later right word', () => {
  fc.assert(
    fc.property(minute, minute, minute, fc.integer({ min: 0, max: 60 }), (named, acted, later, waited) => {
      const play = (nameAt: number, actAt: number) =>
        debrief(
          { statements: [stated(nameAt, TRUE)], proposals: [executed('p', actAt, 'improved')] },
          answerOf(),
        ).score;
      expect(play(named, acted + later)).toBeLessThanOrEqual(play(named, acted));
      expect(play(named + waited, acted)).toBeLessThanOrEqual(play(named, acted));
    }),
  );
});

it('keeps the order of time in its timeline, and never names a right cause as chased', () => {
  fc.assert(
    fc.property(drill, answer, (facts, known) => {
      const { timeline, chased } = debrief(facts, known);
      expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).toSorted((a, b) => a - b));
      for (const { title } of chased)
        for (const right of known.changes) expect(title).not.toBe(`${right} is the cause`);
    }),
  );
});
