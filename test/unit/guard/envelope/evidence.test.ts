import { expect, it } from 'vitest';
import { evidenceFor } from '../../../../electron/guard/envelope/evidence.ts';
import { ProposalId } from '../../../../shared/vocabulary/ids.ts';
import type { Proposal } from '../../../../shared/vocabulary/proposal.ts';
import { proposalOf } from '../../../fixtures/proposal-of.ts';

let count = 0;
const one = (progress: unknown, differences: Partial<Proposal> = {}): Proposal => {
  count += 1;
  return proposalOf({
    id: ProposalId.parse(`prop-e${count}`),
    progress: progress as Proposal['progress'],
    ...differences,
  });
};
const execution = { intentMs: 1, steps: [], endedMs: 2 };
const done = (outcome: string, differences?: Partial<Proposal>) =>
  one({ state: 'done', execution, outcome }, differences);

it('counts as clean what was applied, did no harm and was not taken back', () => {
  const takenBack = done('unchanged');
  const proposals = [
    done('improved'),
    done('unchanged'),
    done('worse'),
    takenBack,
    done('improved', { backsOut: takenBack.id }),
    one({ state: 'failed', execution }),
    one({ state: 'unknown', execution }),
    one({ state: 'denied' }),
    done('improved', { action: 'set-flag' }),
  ];
  expect(evidenceFor(['roll-back-deployment'], proposals, [])).toEqual([
    {
      action: 'roll-back-deployment',
      executions: 6,
      clean: 2,
      judgements: 0,
      agreements: 0,
      sentence: 'roll-back-deployment: 2 of 6 executions clean, never judged in shadow mode',
    },
  ]);
});

it('counts how often people agreed where nothing was executed', () => {
  const [evidence] = evidenceFor(
    ['roll-back-deployment'],
    [],
    [
      { action: 'set-flag', agreed: 0, disagreed: 9 },
      { action: 'roll-back-deployment', agreed: 2, disagreed: 1 },
    ],
  );
  expect(evidence?.sentence).toBe(
    'roll-back-deployment: never executed here, people agreed with 2 of 3 in shadow mode (67 %)',
  );
});

it('says so when nothing speaks for it', () => {
  expect(evidenceFor(['drain-node'], [], [])[0]?.sentence).toBe(
    'drain-node: never executed here, never judged in shadow mode',
  );
});
