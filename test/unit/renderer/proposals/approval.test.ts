import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { approvalOf, canBackOut, digestOfShown, isSettled } from '../../../../renderer/proposals/approval.ts';
import { Approval } from '../../../../shared/bridge/contract.ts';
import { shownText } from '../../../../shared/formats/shown-text.ts';
import { proposalFixture } from '../../../fixtures/fake-host/proposal-fixture.ts';

const proposal = proposalFixture();

it('signs the SHA-256 of exactly the text that is shown', async () => {
  const expected = createHash('sha256').update(shownText(proposal), 'utf8').digest('hex');
  expect(await digestOfShown(proposal)).toBe(expected);
});

it.each([
  ['title', { title: 'Roll back payments to 1.39' }],
  ['command', { command: 'kubectl delete deploy/payments' }],
  ['back-out', { backOutCommand: 'true' }],
  ['target', { target: { ...proposal.target, name: 'orders' } }],
  ['blast radius', { blastRadius: { class: 'cluster' as const, sentence: 'everything' } }],
  ['rationale', { rationale: `${proposal.rationale}\u200B` }],
  ['confidence', { confidence: 0.9 }],
])('signs something else when the %s is another', async (_what, change) => {
  expect(await digestOfShown({ ...proposal, ...change })).not.toBe(await digestOfShown(proposal));
});

it('is an approval that the host accepts, with the typed name only where one was typed', async () => {
  expect(Approval.safeParse(await approvalOf(proposal)).success).toBe(true);
  expect(await approvalOf(proposal)).not.toHaveProperty('typedTarget');
  expect(await approvalOf(proposal, 'payments')).toMatchObject({ typedTarget: 'payments' });
});

it('offers the way back only once something may have been done', () => {
  expect(canBackOut(proposal)).toBe(false);
  const because = { atMs: 1, because: 'the stop' };
  expect(canBackOut({ ...proposal, progress: { state: 'voided', ...because } })).toBe(false);
});

it('puts away only what nothing will come of', () => {
  expect(isSettled(proposal)).toBe(false);
  expect(isSettled({ ...proposal, progress: { state: 'expired', atMs: 1, because: 'nobody decided' } })).toBe(
    true,
  );
});
