import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { decisionToSign, digestsOf } from '../../../electron/ledger/decision.ts';
import { newPrivateKey, type Signer, signerOf } from '../../../electron/platform/ed25519.ts';
import { approvalProblem } from '../../../electron/proposals/approval-on-record.ts';
import { decide, digestOfShown } from '../../../electron/proposals/decide.ts';
import type { Decision, Proposal } from '../../../shared/vocabulary/proposal.ts';
import { proposalBench } from '../../fixtures/proposal-bench.ts';
import { changeEnvelope, everythingTakesTwo, twoPeople } from '../../fixtures/two-people.ts';

let bench: ReturnType<typeof proposalBench>;
let approved: Proposal;
beforeEach(async () => {
  bench = proposalBench();
  const proposal = await bench.desk.propose(bench.wish());
  approved = decide(bench.context, proposal, { ...bench.answerTo(proposal), answer: 'approve' });
});
afterEach(() => bench.close());

const problem = (proposal: Proposal) => approvalProblem(bench.context, proposal);

function decisionIn({ progress }: Proposal): Decision {
  if (progress.state !== 'approved') throw new Error(`It is ${progress.state}`);
  return progress.decision;
}
const withDecision = (decision: Decision): Proposal => ({
  ...approved,
  progress: { state: 'approved', decision },
});

/** What somebody who can write the data file, but has no key of an approver, could put there. */
function forged(signer: Signer, differences: Partial<Parameters<typeof decisionToSign>[0]> = {}): Decision {
  const answer = {
    answer: 'approve' as const,
    person: 'Mina',
    atMs: bench.context.clock.now(),
    reason: '',
    shownDigest: digestOfShown(approved),
  };
  const { text } = decisionToSign({
    ...answer,
    ...digestsOf(approved),
    proposal: approved.id,
    envelope: approved.verdict.envelope.digest,
    ...differences,
  });
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return {
    ...answer,
    ...(differences.person === undefined ? {} : { person: differences.person }),
    signature: base64(signer.sign(text)),
    publicKey: base64(signer.publicKey),
    signed: text.toString(),
  };
}

it('accepts the approval that stands on record', () => {
  expect(problem(approved)).toBeNull();
});

it.each<[string, () => Proposal, RegExp]>([
  ['nobody approved', () => ({ ...approved, progress: { state: 'offered' } }), /not approved/],
  ['was changed since', () => ({ ...approved, arguments: { to: 1 } }), /another proposal/],
  ['names another command', () => ({ ...approved, command: 'kubectl delete ns shop' }), /another proposal/],
  [
    'takes the approval of another',
    () => ({ ...approved, id: 'prop-x' as Proposal['id'] }),
    /another proposal/,
  ],
  [
    'was offered at another tier',
    () => ({ ...approved, verdict: { ...approved.verdict, kind: 'offer', tier: 'ack' } }),
    /another verdict/,
  ],
  [
    'has a signature of nobody',
    () => withDecision({ ...decisionIn(approved), signature: 'AAAA' }),
    /not over it/,
  ],
  ['was signed by a stranger', () => withDecision(forged(signerOf(newPrivateKey()))), /no such key/],
  ['was signed under another name', () => withDecision(forged(bench.key, { person: 'Bob' })), /no such key/],
  ['was signed, but is not on record', () => withDecision(forged(bench.key)), /not on record/],
  ['was denied', () => withDecision({ ...forged(bench.key, { answer: 'deny' }) }), /no approval/],
  [
    'was shown differently',
    () => withDecision(forged(bench.key, { shownDigest: 'ab'.repeat(32) })),
    /another text/,
  ],
  [
    'was approved under another envelope',
    () => withDecision(forged(bench.key, { envelope: 'cd'.repeat(32) })),
    /another verdict/,
  ],
  [
    'was approved after it expired',
    () => withDecision(forged(bench.key, { atMs: approved.expiresMs })),
    /put back|expired/,
  ],
  ['lacks what was signed', () => withDecision(withoutSigned(decisionIn(approved))), /cannot be read/],
])('refuses what %s', (_what, proposal, says) => {
  expect(problem(proposal())).toMatch(says);
});

const withoutSigned = ({ signed: _signed, ...decision }: Decision): Decision => decision;

it('was signed for digests that anybody can take from the entries of the log', () => {
  const digest = (value: unknown) =>
    createHash('sha256')
      .update(canonicalize(value) ?? '')
      .digest('hex');
  const { factsDigest: _facts, ...asked } = bench.stored('proposal').body;
  const { proposal: _id, when: _when, ...verdict } = bench.stored('verdict').body;
  const { text } = bench.stored('shown').body;
  expect(bench.stored('decision').body).toMatchObject({
    v: 2,
    proposalDigest: digest(asked),
    verdictDigest: digest(verdict),
    shownDigest: createHash('sha256').update(String(text)).digest('hex'),
    envelope: verdict.envelope.digest,
  });
});

it('refuses when the clock was put back between decision and execution', () => {
  const { clock } = bench.context;
  bench.context.clock = { ...clock, now: () => clock.now() - 60_000 };
  expect(problem(approved)).toContain('the clock was put back since');
});

it('refuses one approval where it takes two, and the same person twice', () => {
  twoPeople(bench);
  const two: Proposal = { ...approved, verdict: { ...approved.verdict, kind: 'offer', tier: 'two-person' } };
  const decision = decisionFor(two);
  expect(problem({ ...two, progress: { state: 'approved', decision } })).toContain('only one approved');
  const twice = { ...decision, first: decision };
  expect(problem({ ...two, progress: { state: 'approved', decision: twice } })).toContain('of one');
});

/** An approval of a proposal that was stored at another tier, put on record as the host would. */
function decisionFor(proposal: Proposal): Decision {
  changeEnvelope(bench, everythingTakesTwo);
  const open: Proposal = { ...proposal, progress: { state: 'offered' } };
  const first = decide(bench.context, open, { ...bench.answerTo(open), answer: 'approve' });
  const [approval] = first.progress.state === 'offered' ? (first.progress.approvals ?? []) : [];
  if (!approval) throw new Error('The first approval leaves it offered');
  return approval;
}

it('refuses in stage shadow, whatever was approved', () => {
  changeEnvelope(bench, { stage: 'shadow' });
  expect(problem(approved)).toContain('stage is shadow');
});
