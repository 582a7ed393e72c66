import type { Progress, Proposal, Target } from '../../shared/vocabulary/proposal.ts';
import type { Plan } from '../actions/action.ts';
import type { Request } from '../guard/rule.ts';
import type { ProposalContext } from './context.ts';

const HOUR_MS = 3_600_000;

export type GuardQuestion = {
  incident: Proposal['incident'];
  action: string;
  arguments: Proposal['arguments'];
  target: Target;
  backsOut: Proposal['backsOut'];
  plan: Pick<
    Plan,
    'blastRadius' | 'reversible' | 'backOutCommand' | 'serviceTier' | 'managedBy' | 'concerns' | 'moves'
  >;
};

/** Everything the guard judges by, counted from the store at this moment. */
export function guardRequest(context: ProposalContext, asked: GuardQuestion): Omit<Request, 'envelope'> {
  const atMs = context.clock.now();
  const others = context.repository.ofIncident(asked.incident);
  const executed = others.map(executionOf).filter((one) => one !== null);
  return {
    atMs,
    action: asked.action,
    arguments: asked.arguments,
    target: asked.target,
    blastRadius: asked.plan.blastRadius.class,
    reversible: asked.plan.reversible,
    backOutCommand: asked.plan.backOutCommand,
    backsOut: asked.backsOut !== null,
    serviceTier: asked.plan.serviceTier,
    managedBy: asked.plan.managedBy,
    stop: context.stop(),
    moves: asked.plan.moves,
    targetObserved: wasObserved(context, asked),
    executionsOnTarget: executed.filter(
      ({ proposal, atMs: whenMs }) =>
        proposal.backsOut === null &&
        whenMs > atMs - HOUR_MS &&
        proposal.target.kind === asked.target.kind &&
        proposal.target.cluster === asked.target.cluster &&
        proposal.target.namespace === asked.target.namespace &&
        proposal.target.name === asked.target.name,
    ).length,
    failuresInARow: failuresInARow(executed.map(({ proposal }) => proposal.progress)),
    lastWasWorse: lastWasWorse(others),
  };
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

function failuresInARow(progresses: readonly Progress[]): number {
  const lastGood = progresses.findLastIndex(({ state }) => state !== 'failed' && state !== 'unknown');
  return progresses.length - 1 - lastGood;
}

function lastWasWorse(proposals: readonly Proposal[]): boolean {
  const worse = proposals.findLast(
    ({ progress }) => progress.state === 'done' && progress.outcome === 'worse',
  );
  if (!worse) return false;
  const backedOut = proposals.some(
    ({ backsOut, progress }) => backsOut === worse.id && progress.state === 'done',
  );
  return !backedOut;
}
