import { expect, it } from 'vitest';
import { agreement } from '../../../electron/proposals/agreement.ts';
import type { Proposal } from '../../../shared/vocabulary/proposal.ts';
import { decisionOf, proposalOf } from '../../fixtures/proposal-of.ts';

const judged = (action: string, answer: 'approve' | 'deny', atMs: number): Proposal =>
  proposalOf({
    action,
    progress: { state: 'judged', decision: decisionOf({ answer, atMs }), because: 'shadow' },
  });
const stored = [
  judged('set-flag', 'approve', 10),
  judged('set-flag', 'approve', 20),
  judged('set-flag', 'deny', 30),
  judged('evict-pod', 'deny', 40),
];
const repository = { inState: (state: string) => (state === 'judged' ? stored : []) };

it('counts for each action how often people agreed', () => {
  expect(agreement(repository)).toEqual([
    { action: 'evict-pod', agreed: 0, disagreed: 1, rate: 0 },
    { action: 'set-flag', agreed: 2, disagreed: 1, rate: 2 / 3 },
  ]);
});

it('counts only what was judged since, and under an envelope', () => {
  expect(agreement(repository, { sinceMs: 25 }).map(({ agreed }) => agreed)).toEqual([0, 0]);
  expect(agreement(repository, { envelopeDigest: 'f'.repeat(64) })).toEqual([]);
});
