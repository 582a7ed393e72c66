import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { messageOf } from '../platform/failure.ts';
import { type ProposalContext, REACH_TIMEOUT_MS, serviceOf, take } from './context.ts';
import { judgeEffect } from './judge-effect.ts';

/** How often the expected effect is read: the usual scrape interval, so no read is without new samples. */
const PERIOD_MS = 15_000;

/** Watches the expected effect of an executed proposal until it can be judged. Returns the way to stop early. */
export function watchEffect(context: ProposalContext, id: string): () => void {
  const stop = context.clock.every(PERIOD_MS, async () => {
    const proposal = context.repository.find(id);
    if (proposal?.progress.state !== 'watching') return stop();
    const sampled = take(context, proposal, {
      kind: 'sample',
      atMs: context.clock.now(),
      value: await read(context, proposal),
    });
    if (sampled.progress.state !== 'watching') return;
    const judged = judgeEffect(sampled.expectedEffect, sampled.progress.watch, context.clock.now());
    if (!judged) return;
    stop();
    conclude(context, sampled, judged);
  });
  return stop;
}

async function read(context: ProposalContext, { id, expectedEffect }: Proposal): Promise<number | null> {
  try {
    const signal = AbortSignal.timeout(REACH_TIMEOUT_MS);
    return await context.latest(expectedEffect.service, expectedEffect.metric, signal);
  } catch (error) {
    context.logger.warn({ proposal: id, error: messageOf(error) }, 'the expected effect could not be read');
    return null;
  }
}

function conclude(
  context: ProposalContext,
  proposal: Proposal,
  judged: NonNullable<ReturnType<typeof judgeEffect>>,
) {
  const done = take(context, proposal, { kind: 'conclude', ...judged }, [
    {
      kind: 'outcome',
      incident: proposal.incident,
      actor: { kind: 'host', name: 'countersign' },
      body: { proposal: proposal.id, ...judged },
    },
  ]);
  context.timeline.record(done.incident, {
    sort: 'outcome',
    ref: done.id,
    service: serviceOf(done),
    title: `Outcome ${judged.outcome}: ${done.title}`,
    detail: judged.sentence,
  });
}
