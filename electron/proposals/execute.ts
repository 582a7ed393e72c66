import type { Proposal, Tier } from '../../shared/vocabulary/proposal.ts';
import type { WriteResult } from '../actions/action.ts';
import { messageOf } from '../platform/failure.ts';
import { type ProposalContext, REACH_TIMEOUT_MS, serviceOf, take } from './context.ts';
import { driftedBecause } from './drifted.ts';
import type { Step } from './life.ts';
import { guardAgain, partsOf, recheckTarget } from './preflight.ts';

/**
 * Carries out an approved proposal: intent on disk, target and guard checked on state read now, one request, result on
 * disk. INVARIANT: no request leaves before the intent is durable, and none is ever repeated; whatever goes wrong after
 * the request may have left ends in `unknown`, for a human to resolve.
 */
export async function execute(context: ProposalContext, approved: Proposal): Promise<Proposal> {
  let proposal = take(context, approved, { kind: 'intend', atMs: context.clock.now() }, [
    {
      kind: 'intent',
      incident: approved.incident,
      actor: { kind: 'host', name: 'countersign' },
      body: {
        proposal: approved.id,
        command: approved.command,
        target: approved.target,
        seen: approved.seen,
      },
    },
  ]);
  const tell = (sentence: string) => {
    proposal = take(context, proposal, { kind: 'tell', atMs: context.clock.now(), sentence });
  };

  tell('Intent recorded; reading the target again');
  const refusal = await refusalOf(context, proposal);
  if (refusal)
    return conclude(context, proposal, { kind: 'void', atMs: context.clock.now(), because: refusal });
  const before = await readBefore(context, proposal);

  tell('Target unchanged and guard agrees; sending the change');
  const result = await write(context, proposal);
  const atMs = context.clock.now();
  switch (result.kind) {
    case 'applied':
      tell(result.sentence);
      return conclude(context, proposal, {
        kind: 'apply',
        atMs,
        before,
        untilMs: atMs + proposal.expectedEffect.withinMs,
      });
    case 'not-applied':
      return conclude(context, proposal, { kind: 'fail', atMs, because: result.because });
    case 'unknown':
      return conclude(context, proposal, { kind: 'lose', atMs, because: result.because });
  }
}

/** Why it must not run after all, or null. A check that fails refuses. */
async function refusalOf(context: ProposalContext, proposal: Proposal): Promise<string | null> {
  try {
    const target = await recheckTarget(context, proposal);
    if (target.kind === 'drifted') return driftedBecause(target.because);
    if (target.kind === 'unreadable') return `The target cannot be read: ${target.because}`;
    const loaded = context.envelope();
    if (loaded.digest !== proposal.verdict.envelope.digest) {
      return `The envelope changed since proposed: version ${loaded.envelope.version}, was ${proposal.verdict.envelope.version}`;
    }
    const verdict = await guardAgain(context, proposal);
    context.ledger.record({
      kind: 'verdict',
      incident: proposal.incident,
      actor: { kind: 'guard', name: 'guard' },
      body: { proposal: proposal.id, when: 'executing', ...verdict },
    });
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

/** The effect's metric before the change, for the comparison; a metric that cannot be read does not hold the fix up. */
async function readBefore(
  context: ProposalContext,
  { id, expectedEffect }: Proposal,
): Promise<number | null> {
  try {
    const signal = AbortSignal.timeout(REACH_TIMEOUT_MS);
    return await context.latest(expectedEffect.service, expectedEffect.metric, signal);
  } catch (error) {
    context.logger.warn({ proposal: id, error: messageOf(error) }, 'no value before the execution');
    return null;
  }
}

async function write(context: ProposalContext, proposal: Proposal): Promise<WriteResult> {
  const parts = partsOf(context, proposal);
  if (!parts) return { kind: 'not-applied', because: 'what it is reached through is no longer connected' };
  // The last look: a stop that came while the target was read still wins.
  const stop = context.stop();
  if (stop.stopped) return { kind: 'not-applied', because: `stopped by ${stop.by}: ${stop.reason}` };
  try {
    const options = { intent: proposal.id, atMs: context.clock.now(), dryRun: false };
    const signal = AbortSignal.timeout(REACH_TIMEOUT_MS);
    return await parts.execute(parts.input, proposal.seen, options, signal);
  } catch (error) {
    return { kind: 'unknown', because: messageOf(error) };
  }
}

function conclude(context: ProposalContext, proposal: Proposal, end: Step): Proposal {
  const next = take(context, proposal, end, [
    {
      kind: 'result',
      incident: proposal.incident,
      actor: { kind: 'host', name: 'countersign' },
      body: { proposal: proposal.id, ...end },
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

const titleOf = ({ kind }: Step) =>
  ({ void: 'Not executed', fail: 'Failed, nothing changed', lose: 'Outcome unknown', apply: 'Executed' })[
    kind as 'void' | 'fail' | 'lose' | 'apply'
  ];
