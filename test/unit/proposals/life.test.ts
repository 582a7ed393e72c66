import fc from 'fast-check';
import { expect, it } from 'vitest';
import { advance, type Step } from '../../../electron/proposals/life.ts';
import { ProposalId } from '../../../shared/vocabulary/ids.ts';
import type { Progress } from '../../../shared/vocabulary/proposal.ts';
import { Progress as ProgressSchema } from '../../../shared/vocabulary/proposal.ts';
import { decisionOf } from '../../fixtures/proposal-of.ts';

const decision = decisionOf();
const steps: Record<Step['kind'], Step> = {
  countersign: { kind: 'countersign', approval: decision },
  approve: { kind: 'approve', decision },
  refuse: { kind: 'refuse', decision: decisionOf({ answer: 'deny' }) },
  judge: { kind: 'judge', decision, because: 'stage is shadow' },
  expire: { kind: 'expire', atMs: 1, because: 'late' },
  void: { kind: 'void', atMs: 1, because: 'drift' },
  intend: { kind: 'intend', atMs: 1 },
  tell: { kind: 'tell', atMs: 1, sentence: 'reading' },
  apply: { kind: 'apply', atMs: 1, watch: { before: 0.2, samples: [], untilMs: 2 } },
  withdraw: { kind: 'withdraw', atMs: 1, person: 'Mina', because: 'second thoughts' },
  trace: { kind: 'trace', trace: { kind: 'was', evidence: 'the field manager is there', atMs: 1 } },
  'back-out': { kind: 'back-out', by: ProposalId.parse('prop-2'), atMs: 1, sentence: 'undone' },
  fail: { kind: 'fail', atMs: 1, because: '403' },
  lose: { kind: 'lose', atMs: 1, because: 'reset' },
  sample: { kind: 'sample', samples: [{ atMs: 1, value: 0.1 }] },
  conclude: { kind: 'conclude', outcome: 'improved', sentence: 'down' },
  resolve: { kind: 'resolve', applied: true, atMs: 1, because: 'Mina looked' },
};
const anySteps = fc.array(fc.constantFrom(...Object.values(steps)), { maxLength: 30 });

/** Plays the steps that are possible and returns every progress with the step that led to it. */
function play(taken: readonly Step[]) {
  const history: { step: Step; progress: Progress }[] = [];
  let progress: Progress = { state: 'offered' };
  for (const step of taken) {
    const next = advance(progress, step);
    if (!next) continue;
    history.push({ step, progress: next });
    progress = next;
  }
  return history;
}

it('goes from offered to done along the one way that executes', () => {
  const way = [steps.approve, steps.intend, steps.tell, steps.apply, steps.sample, steps.conclude];
  expect(play(way).map(({ progress }) => progress.state)).toEqual([
    'approved',
    'executing',
    'executing',
    'watching',
    'watching',
    'done',
  ]);
});

it('executes at most once, and only after an approval, whatever happens in whatever order', () => {
  fc.assert(
    fc.property(anySteps, (taken) => {
      const kinds = play(taken).map(({ step }) => step.kind);
      const intents = kinds.filter((kind) => kind === 'intend').length;
      return intents <= 1 && (intents === 0 || kinds.indexOf('approve') < kinds.indexOf('intend'));
    }),
  );
});

it('never leaves an end, and every state it reaches fits its schema', () => {
  fc.assert(
    fc.property(anySteps, (taken) => {
      for (const { progress } of play(taken)) {
        ProgressSchema.parse(progress);
        const isEnd = ['expired', 'withdrawn', 'voided', 'refused', 'judged', 'failed', 'done'].includes(
          progress.state,
        );
        if (!isEnd) continue;
        for (const step of Object.values(steps)) {
          const next = advance(progress, step);
          // What is done may be undone, once, and stays done.
          if (progress.state === 'done' && step.kind === 'back-out' && !progress.backedOut) {
            expect(next).toMatchObject({
              state: 'done',
              outcome: progress.outcome,
              backedOut: { by: 'prop-2' },
            });
          } else expect(next).toBeNull();
        }
      }
    }),
  );
});

it.each(['denied', 'escalated'] as const)('a %s proposal cannot be approved', (state) => {
  for (const step of Object.values(steps)) expect(advance({ state }, step)).toBeNull();
});
