import type { Proposal } from '../../../shared/vocabulary/proposal.ts';
import type { AnalystSpent, BreakerCounts, BreakerLimits } from './breakers.ts';

/** Denials by these say nothing about what the model reasons from; counted, an open breaker would keep itself open. */
const OWN_RULES = new Set(['breaker', 'not-stopped']);

/**
 * Counts what one incident's breakers go by, from its proposals in the order in which they were made. What was executed or
 * denied up to `closedMs`, when a person last closed them, no longer counts.
 */
export function breakerCounts(
  proposals: readonly Proposal[],
  analyst: AnalystSpent,
  limits: Pick<BreakerLimits, 'executions' | 'denials'>,
  { atMs, closedMs }: { atMs: number; closedMs: number },
): BreakerCounts {
  const since = (minutes: number) => Math.max(closedMs, atMs - minutes * 60_000);
  const executed = proposals.flatMap((proposal) =>
    'execution' in proposal.progress ? [{ proposal, atMs: proposal.progress.execution.intentMs }] : [],
  );
  return {
    analyst,
    executionsInWindow: executed.filter(
      (one) => one.proposal.backsOut === null && one.atMs > since(limits.executions.withinMinutes),
    ).length,
    denialsInWindow: proposals.filter(
      (proposal) => isDenial(proposal) && proposal.verdict.atMs > since(limits.denials.withinMinutes),
    ).length,
    failuresInARow: failuresInARow(
      executed.filter((one) => one.atMs > closedMs).map(({ proposal }) => proposal),
    ),
    lastWasWorse: lastWasWorse(proposals, closedMs),
  };
}

/** Of the analyst's: what a person asks for and does not get says nothing about a model. */
const isDenial = ({ proposedBy, verdict }: Proposal): boolean =>
  proposedBy.kind === 'analyst' &&
  verdict.kind === 'deny' &&
  verdict.rules.some(({ rule }) => !OWN_RULES.has(rule));

function failuresInARow(executed: readonly Proposal[]): number {
  const lastGood = executed.findLastIndex(
    ({ progress }) => progress.state !== 'failed' && progress.state !== 'unknown',
  );
  return executed.length - 1 - lastGood;
}

/** What was backed out, or found to be worse before a person closed the breaker, is dealt with. */
function lastWasWorse(proposals: readonly Proposal[], closedMs: number): boolean {
  const worse = proposals.findLast(
    ({ progress }) =>
      progress.state === 'done' &&
      progress.outcome === 'worse' &&
      (progress.execution.endedMs ?? progress.execution.intentMs) > closedMs,
  );
  if (!worse) return false;
  return !proposals.some(({ backsOut, progress }) => backsOut === worse.id && progress.state === 'done');
}
