import type { Proposal, Tier } from '../../shared/vocabulary/proposal.ts';
import type { WriteResult } from '../actions/action.ts';
import { messageOf } from '../platform/failure.ts';
import { approvalProblem, approversOf } from './approval-on-record.ts';
import { type ProposalContext, REACH_TIMEOUT_MS, serviceOf, take } from './context.ts';
import { driftedBecause } from './drifted.ts';
import { digestOfFacts, uidIn } from './facts.ts';
import type { Step } from './life.ts';
import { guardAgain, partsOf, recheckTarget } from './preflight.ts';
import { watchFrom } from './watch-effect.ts';
import { envelopeChanged } from './what-approval-takes.ts';

/**
 * Carries out an approved proposal: intent on disk, target and guard checked on state read now, one request (or, where an
 * action is a sequence, one for each part), result on disk. A
 * stop halts a sequence between two requests.
 * INVARIANT: no request leaves before the intent is durable, and none is ever repeated; whatever goes wrong after the
 * request may have left ends in `unknown`, for a human to resolve.
 */
export async function execute(context: ProposalContext, approved: Proposal): Promise<Proposal> {
  const problem = approvalProblem(context, approved);
  if (problem) return conclude(context, approved, voidedNow(context, problem));
  let proposal = intend(context, approved);
  const tell = (sentence: string) => {
    proposal = take(context, proposal, { kind: 'tell', atMs: context.clock.now(), sentence });
  };

  // Before the checks, so that nothing but the checks lies between them and the request.
  const watch = await watchFrom(context, proposal);
  tell('Intent recorded; reading the target again');
  const refusal = await refusalOf(context, proposal);
  if (refusal) return conclude(context, proposal, voidedNow(context, refusal));

  tell('Target unchanged and guard agrees; sending the change');
  const result = await write(context, proposal, tell);
  const atMs = context.clock.now();
  switch (result.kind) {
    case 'applied':
      tell(result.sentence);
      return conclude(context, proposal, {
        kind: 'apply',
        atMs,
        watch: { ...watch, untilMs: atMs + proposal.expectedEffect.withinMs },
      });
    case 'not-applied':
      return conclude(context, proposal, { kind: 'fail', atMs, because: result.because });
    case 'unknown':
      return conclude(context, proposal, { kind: 'lose', atMs, because: result.because });
  }
}

/** What will be sent, to which object in which state, and by when: enough to find out later whether it was. */
function intend(context: ProposalContext, approved: Proposal): Proposal {
  const atMs = context.clock.now();
  const { progress } = approved;
  const takesMs = context.actions.find(({ name }) => name === approved.action)?.takesMs ?? 0;
  return take(context, approved, { kind: 'intend', atMs }, [
    {
      kind: 'intent',
      incident: approved.incident,
      actor: { kind: 'host', name: 'countersign' },
      body: {
        proposal: approved.id,
        approvers: approversOf(approved),
        command: approved.command,
        target: approved.target,
        uid: uidIn(approved.seen),
        seen: approved.seen,
        factsDigest: digestOfFacts(approved.seen),
        shownDigest: 'decision' in progress ? progress.decision.shownDigest : null,
        deadlineMs: atMs + MOST_CHECK_MS + takesMs,
      },
    },
  ]);
}

/** Reading the target, asking the guard and reading the metric, one after the other. */
const MOST_CHECK_MS = 3 * REACH_TIMEOUT_MS;

const voidedNow = ({ clock }: ProposalContext, because: string): Step => ({
  kind: 'void',
  atMs: clock.now(),
  because,
});

/** Why it must not run after all, or null. A check that fails refuses. */
async function refusalOf(context: ProposalContext, proposal: Proposal): Promise<string | null> {
  try {
    const target = await recheckTarget(context, proposal);
    if (target.kind === 'drifted') return driftedBecause(target.because);
    if (target.kind === 'unreadable') return `The target cannot be read: ${target.because}`;
    const verdict = await guardAgain(context, proposal);
    context.ledger.record({
      kind: 'verdict',
      incident: proposal.incident,
      actor: { kind: 'guard', name: 'guard' },
      body: { proposal: proposal.id, when: 'executing', ...verdict },
    });
    // What it was judged by just now, and not what lay there a read earlier.
    if (verdict.envelope.digest !== proposal.verdict.envelope.digest) {
      return `The envelope changed since proposed: version ${verdict.envelope.version}, was ${proposal.verdict.envelope.version}`;
    }
    if (verdict.kind === 'offer') return ceremonyOf(proposal, verdict.tier);
    return `Guard: ${verdict.rules.map(({ sentence }) => sentence).join('; ')}`;
  } catch (error) {
    return `The check before the execution failed: ${messageOf(error)}`;
  }
}

/** What has come to take more than was given when it was approved is not covered by that approval. */
const ceremonyOf = ({ verdict }: Proposal, tier: Tier): string | null =>
  verdict.kind === 'offer' && verdict.tier === tier
    ? null
    : `It takes tier ${tier} by now, and was approved at another`;

async function write(
  context: ProposalContext,
  proposal: Proposal,
  tell: (sentence: string) => void,
): Promise<WriteResult> {
  const parts = partsOf(context, proposal);
  if (!parts) return { kind: 'not-applied', because: 'what it is reached through is no longer connected' };
  const late = lastLook(context, proposal);
  if (late) return { kind: 'not-applied', because: late };
  try {
    const halt = context.halting();
    const options = { intent: proposal.id, atMs: context.clock.now(), dryRun: false, halt, tell };
    const signal = AbortSignal.timeout(parts.action.takesMs);
    return await parts.execute(parts.input, proposal.seen, options, signal);
  } catch (error) {
    return { kind: 'unknown', because: messageOf(error) };
  }
}

/** What came while the target was read still counts: nothing is waited for between here and the request. */
function lastLook(context: ProposalContext, proposal: Proposal): string | null {
  const stop = context.stop();
  if (stop.stopped) return `stopped by ${stop.by}: ${stop.reason}`;
  return envelopeChanged(context, proposal);
}

function conclude(context: ProposalContext, proposal: Proposal, end: Step): Proposal {
  const { watch: _watch, ...said } = { watch: null, ...end };
  const next = take(context, proposal, end, [
    {
      kind: 'result',
      incident: proposal.incident,
      actor: { kind: 'host', name: 'countersign' },
      body: { proposal: proposal.id, ...said, steps: stepsOf(proposal) },
    },
  ]);
  context.timeline.record(proposal.incident, {
    sort: 'execution',
    ref: proposal.id,
    service: serviceOf(proposal),
    title: `${titleOf(end)}: ${proposal.title}`,
    ...('because' in end ? { detail: end.because } : {}),
  });
  return next;
}

/** What was done one by one, where that is more than one request: a drain that was halted says whom it moved. */
const stepsOf = ({ progress }: Proposal): string[] =>
  'execution' in progress ? progress.execution.steps.map(({ sentence }) => sentence) : [];

const titleOf = ({ kind }: Step) =>
  ({ void: 'Not executed', fail: 'Failed, nothing changed', lose: 'Outcome unknown', apply: 'Executed' })[
    kind as 'void' | 'fail' | 'lose' | 'apply'
  ];
