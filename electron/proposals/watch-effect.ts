import type { Proposal, Watch } from '../../shared/vocabulary/proposal.ts';
import { messageOf } from '../platform/failure.ts';
import { type ProposalContext, REACH_TIMEOUT_MS, serviceOf, take } from './context.ts';
import { type Judged, judgeEffect } from './judge-effect.ts';

/** How often the expected effect is read: the usual scrape interval, so no read is without new samples. */
const PERIOD_MS = 15_000;
/** What the samples after are tested against: long enough for a test, and short enough to be of the trouble alone. */
const BASELINE_MS = 3 * 60_000;

/** The effect's metric before the change; one that cannot be read does not hold the fix up, and the outcome says so. */
export async function watchFrom(
  context: ProposalContext,
  { id, backsOut, expectedEffect: { service, metric } }: Proposal,
): Promise<Omit<Watch, 'untilMs'>> {
  const undone = backsOut === null ? undefined : context.repository.find(backsOut);
  const goal = undone ? { goal: undone.expectedEffect.threshold } : {};
  try {
    const signal = AbortSignal.timeout(REACH_TIMEOUT_MS);
    const [before, baseline] = await Promise.all([
      context.latest(service, metric, signal),
      context.history(service, metric, BASELINE_MS, signal),
    ]);
    return { before, baseline, samples: [], ...goal };
  } catch (error) {
    context.logger.warn({ proposal: id, error: messageOf(error) }, 'no value before the execution');
    return { before: null, samples: [], ...goal };
  }
}

/**
 * Watches the expected effect of an executed proposal until it can be judged, then tells. Returns the way to stop early.
 */
export function watchEffect(
  context: ProposalContext,
  id: string,
  onJudged: (proposal: Proposal) => Promise<void>,
): () => void {
  const stop = context.clock.every(PERIOD_MS, async () => {
    if (context.repository.find(id)?.progress.state !== 'watching') return stop();
    const samples = await read(context, id);
    // Read again: while the metric was read it may have been backed out.
    const proposal = context.repository.find(id);
    if (proposal?.progress.state !== 'watching') return stop();
    const sampled = take(context, proposal, { kind: 'sample', samples });
    if (sampled.progress.state !== 'watching') return;
    const judged = judgeEffect(sampled.expectedEffect, sampled.progress.watch, context.clock.now());
    if (!judged) return;
    stop();
    await onJudged(conclude(context, sampled, judged));
  });
  return stop;
}

/** The newest value; where reading took so long that others were missed, all since the last one, each with its own time. */
async function read(context: ProposalContext, id: string): Promise<Watch['samples']> {
  const proposal = context.repository.find(id);
  if (proposal?.progress.state !== 'watching') return [];
  const { service, metric } = proposal.expectedEffect;
  const { watch, execution } = proposal.progress;
  const lastMs = watch.samples.at(-1)?.atMs ?? execution.endedMs ?? execution.intentMs;
  try {
    const signal = AbortSignal.timeout(REACH_TIMEOUT_MS);
    const askedMs = context.clock.now();
    const value = await context.latest(service, metric, signal);
    const gapMs = context.clock.now() - lastMs;
    const held = gapMs > GAP_MS ? await context.history(service, metric, gapMs, signal) : [];
    const missed = held.filter(({ atMs }) => atMs > lastMs);
    return missed.length > 0 ? missed : [{ atMs: askedMs, value }];
  } catch (error) {
    context.logger.warn({ proposal: id, error: messageOf(error) }, 'the expected effect could not be read');
    return [{ atMs: context.clock.now(), value: null }];
  }
}

/** Longer than this without a sample, and samples were missed. */
const GAP_MS = 1.5 * PERIOD_MS;

function conclude(context: ProposalContext, proposal: Proposal, judged: Judged): Proposal {
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
  return done;
}
