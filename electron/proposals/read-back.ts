import type { Proposal, Trace } from '../../shared/vocabulary/proposal.ts';
import { messageOf } from '../platform/failure.ts';
import { type ProposalContext, REACH_TIMEOUT_MS, serviceOf, take } from './context.ts';
import { partsOf } from './preflight.ts';

/**
 * Looks at the target for what a write whose answer never came has left there. It is evidence for the human who closes it:
 * nothing is concluded from it, and nothing is sent. Null while the target cannot be read; it is tried again then.
 */
export async function readBack(context: ProposalContext, lost: Proposal): Promise<Proposal | null> {
  const trace = await traceOf(context, lost);
  const proposal = context.repository.find(lost.id);
  if (!trace || proposal?.progress.state !== 'unknown') return null;
  const traced = take(context, proposal, { kind: 'trace', trace }, [
    {
      kind: 'result',
      incident: proposal.incident,
      actor: { kind: 'host', name: 'countersign' },
      body: { proposal: proposal.id, state: 'unknown', readBack: trace.kind, evidence: trace.evidence },
    },
  ]);
  context.timeline.record(proposal.incident, {
    sort: 'execution',
    ref: proposal.id,
    service: serviceOf(proposal),
    title: `Read back, ${IN_WORDS[trace.kind]}: ${proposal.title}`,
    detail: trace.evidence,
  });
  return traced;
}

const IN_WORDS: Record<Trace['kind'], string> = {
  was: 'it was applied as far as the target shows',
  'was-not': 'it was not applied as far as the target shows',
  'cannot-tell': 'the target does not tell',
};

async function traceOf(context: ProposalContext, proposal: Proposal): Promise<Trace | null> {
  const parts = partsOf(context, proposal);
  if (!parts || !('execution' in proposal.progress)) return null;
  try {
    const intent = { intent: proposal.id, atMs: proposal.progress.execution.intentMs };
    const signal = AbortSignal.timeout(REACH_TIMEOUT_MS);
    const { kind, evidence } = await parts.trace(parts.input, proposal.seen, intent, signal);
    return { kind, evidence, atMs: context.clock.now() };
  } catch (error) {
    context.logger.warn(
      { proposal: proposal.id, error: messageOf(error) },
      'the target could not be read back',
    );
    return null;
  }
}
