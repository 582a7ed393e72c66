import type { Proposal, Target } from '../../shared/vocabulary/proposal.ts';
import type { Plan } from '../actions/action.ts';
import type { EnvelopeInForce } from '../guard/envelope/loaded-envelope.ts';
import type { Request } from '../guard/rule.ts';
import { type BreakerLimits, noLimits, overBudget } from '../guard/stops/breakers.ts';
import { type ProposalContext, serviceOf } from './context.ts';
import { namespaceLabelsIn } from './namespace-labels.ts';

const HOUR_MS = 3_600_000;

export type GuardQuestion = {
  incident: Proposal['incident'];
  action: string;
  arguments: Proposal['arguments'];
  target: Target;
  backsOut: Proposal['backsOut'];
  confidence: number;
  proposedBy: Proposal['proposedBy'];
  evidence: Proposal['evidence'];
  /** The facts as they are now. */
  seen: Proposal['seen'];
  plan: Pick<
    Plan,
    | 'blastRadius'
    | 'reversible'
    | 'backOutCommand'
    | 'serviceTier'
    | 'managedBy'
    | 'keepsData'
    | 'backupRunning'
    | 'concerns'
    | 'moves'
  >;
};

/** Without an envelope the guard denies whatever is counted. */
const breakersOf = (inForce: EnvelopeInForce): BreakerLimits =>
  inForce.kind === 'in-force' ? inForce.loaded.envelope.breakers : noLimits;

/** Everything the guard judges by, counted from the store at this moment, over the windows of the envelope that is asked. */
export function guardRequest(
  context: ProposalContext,
  asked: GuardQuestion,
  inForce: EnvelopeInForce,
): Request {
  const atMs = context.clock.now();
  const limits = breakersOf(inForce);
  const counts = context.breakerCounts(asked.incident, limits);
  const others = context.repository.ofIncident(asked.incident);
  const executed = others.map(executionOf).filter((one) => one !== null);
  const counted = executed.filter(({ proposal }) => proposal.backsOut === null);
  const service = serviceIn(asked);
  return {
    atMs,
    action: asked.action,
    arguments: asked.arguments,
    // What the host proposes by itself is no human's wish.
    proposedBy: asked.proposedBy.kind === 'person' ? 'person' : 'analyst',
    target: asked.target,
    cluster: asked.target.cluster,
    namespaceLabels: namespaceLabelsIn(asked.seen),
    blastRadius: asked.plan.blastRadius.class,
    reversible: asked.plan.reversible,
    backOutCommand: asked.plan.backOutCommand,
    backsOut: asked.backsOut !== null,
    serviceTier: asked.plan.serviceTier,
    service,
    keepsData: asked.plan.keepsData,
    backupRunning: asked.plan.backupRunning,
    managedBy: asked.plan.managedBy,
    stop: context.stop(),
    moves: asked.plan.moves,
    targetObserved: wasObserved(context, asked),
    confidence: asked.confidence,
    evidence: evidenceOf(context, asked),
    executionsOnTarget: counted.filter(
      ({ proposal, atMs: whenMs }) =>
        whenMs > atMs - HOUR_MS &&
        proposal.target.kind === asked.target.kind &&
        proposal.target.cluster === asked.target.cluster &&
        proposal.target.namespace === asked.target.namespace &&
        proposal.target.name === asked.target.name,
    ).length,
    executionsOnService: counted.filter(
      ({ proposal, atMs: whenMs }) => whenMs > atMs - HOUR_MS && serviceOf(proposal) === service,
    ).length,
    executionsInWindow: counts.executionsInWindow,
    denialsInWindow: counts.denialsInWindow,
    failuresInARow: counts.failuresInARow,
    lastWasWorse: counts.lastWasWorse,
    analystOverBudget: overBudget(limits, counts.analyst)?.sentence ?? null,
    surplusCredentials: context.surplusCredentials(asked.target.cluster),
  };
}

/** Executions on it are counted together: a workload's own name, else the first service that the target concerns. */
function serviceIn({ target, plan }: GuardQuestion): string {
  const isWorkload = target.kind === 'Deployment' || target.kind === 'StatefulSet';
  return isWorkload ? target.name : (plan.concerns[0] ?? target.name);
}

/** Something that a connection reported names the target, or a service that it serves. */
function wasObserved({ timeline }: ProposalContext, { incident, target, plan }: GuardQuestion): boolean {
  const isWorkload = target.kind === 'Deployment' || target.kind === 'StatefulSet';
  const services = isWorkload ? [target.name, ...plan.concerns] : plan.concerns;
  return (
    services.some((service) => timeline.hasObserved(incident, service)) ||
    timeline.ofIncident(incident).some((event) => {
      if (event.kind !== 'change' && event.kind !== 'signal') return false;
      const { object, flag, namespace } = event.labels ?? {};
      if (target.kind === 'Flag') return flag === target.name;
      return object === `${target.kind}/${target.name}` && namespace === target.namespace;
    })
  );
}

/** When a proposal's execution began, if it got that far. */
function executionOf(proposal: Proposal): { proposal: Proposal; atMs: number } | null {
  return 'execution' in proposal.progress ? { proposal, atMs: proposal.progress.execution.intentMs } : null;
}

/**
 * A way back rests on the execution that it undoes, and what a person proposes by hand on that person. The analyst's rests
 * on what it cites, and a proposal that cites nothing on nothing that was observed.
 */
function evidenceOf(
  context: ProposalContext,
  { incident, evidence, backsOut, proposedBy }: GuardQuestion,
): Request['evidence'] {
  if (backsOut !== null || (proposedBy.kind === 'person' && evidence.length === 0)) return 'observed';
  return context.citedText(incident, evidence);
}
