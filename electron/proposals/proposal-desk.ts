import type { ProposalId } from '../../shared/vocabulary/ids.ts';
import type { Proposal, Recheck } from '../../shared/vocabulary/proposal.ts';
import { Failure } from '../platform/failure.ts';
import { type ProposalContext, take } from './context.ts';
import { type Answer, decide, expire, voidOffer } from './decide.ts';
import { driftedBecause } from './drifted.ts';
import { execute } from './execute.ts';
import { partsOf, recheckTarget } from './preflight.ts';
import { propose, type Wish } from './propose.ts';
import { watchEffect } from './watch-effect.ts';

/** How often open cards are checked against live state. */
const RECHECK_MS = 5_000;

/** The life of every proposal of one realm. Pending ones live here alone; a screen sends an id and a digest. */
export function proposalDesk(context: ProposalContext) {
  const rechecks = new Map<string, Recheck>();
  const watches = new Set<() => void>();
  const stopRechecking = context.clock.every(RECHECK_MS, recheckOpen);

  function find(id: string): Proposal {
    const proposal = context.repository.find(id);
    if (!proposal) throw new Failure('not_found', `There is no proposal ${id}`);
    return proposal;
  }

  async function recheck(id: string): Promise<Recheck> {
    const proposal = find(id);
    const answer = await recheckTarget(context, proposal);
    const recheck: Recheck = { proposal: proposal.id, atMs: context.clock.now(), answer };
    rechecks.set(id, recheck);
    context.publish({ name: 'proposal.rechecked', recheck });
    if (answer.kind === 'drifted') voidIfOpen(id, driftedBecause(answer.because));
    return recheck;
  }

  async function recheckOpen(): Promise<void> {
    for (const proposal of context.repository.inState('offered')) {
      if (context.clock.now() >= proposal.expiresMs) expire(context, proposal);
      else await recheck(proposal.id);
    }
  }

  /** Read again: while the target was read a human may have decided. */
  function voidIfOpen(id: string, because: string): void {
    const proposal = find(id);
    if (proposal.progress.state === 'offered') voidOffer(context, proposal, because);
  }

  async function approve(id: string, answer: Omit<Answer, 'answer'>): Promise<Proposal> {
    const approved = decide(context, find(id), { ...answer, answer: 'approve' });
    const executed = await execute(context, approved);
    if (executed.progress.state === 'watching') watches.add(watchEffect(context, id));
    return executed;
  }

  async function backOut(id: string, person: string): Promise<Proposal> {
    const executed = find(id);
    if (executed.progress.state !== 'watching' && executed.progress.state !== 'done') {
      throw new Failure(
        'conflict',
        `“${executed.title}” is ${executed.progress.state}: there is nothing to back out`,
      );
    }
    const parts = partsOf(context, executed);
    if (!parts) throw new Failure('not_found', `${executed.target.cluster} is not connected`);
    const { expectedEffect, progress } = executed;
    const limit = Math.max(progress.watch.before ?? 0, expectedEffect.threshold);
    return propose(context, {
      incident: executed.incident,
      action: executed.action,
      input: parts.action.backOut(parts.input, executed.seen),
      expectedEffect: {
        ...expectedEffect,
        threshold: limit,
        sentence: `${expectedEffect.metric} of ${expectedEffect.service} no worse than before the action within ${Math.round(expectedEffect.withinMs / 60_000)} min`,
      },
      rationale: `Backs out “${executed.title}”`,
      evidence: [],
      confidence: executed.confidence,
      confidenceRestsOn: `${person} asked for the way back`,
      proposedBy: { kind: 'person', name: person },
      backsOut: executed.id,
      causes: [],
    });
  }

  /** A human says what became of an execution whose outcome is unknown. */
  function resolve(id: string, answer: { applied: boolean; person: string; reason: string }): Proposal {
    const proposal = find(id);
    if (proposal.progress.state !== 'unknown') {
      throw new Failure(
        'conflict',
        `“${proposal.title}” is ${proposal.progress.state}: there is nothing to resolve`,
      );
    }
    const because = `${answer.person}: ${answer.applied ? 'it was applied' : 'it was not applied'}. ${answer.reason}`;
    const atMs = context.clock.now();
    return take(context, proposal, { kind: 'resolve', applied: answer.applied, atMs, because }, [
      {
        kind: 'outcome',
        incident: proposal.incident,
        actor: { kind: 'person', name: answer.person },
        body: { proposal: id, resolved: answer.applied ? 'applied' : 'not applied', reason: answer.reason },
      },
    ]);
  }

  /** What a crash left open: nothing that may have been sent is sent again. */
  function reconcile(): void {
    const atMs = context.clock.now();
    const host = { kind: 'host', name: 'countersign' } as const;
    for (const proposal of context.repository.inState('approved')) {
      const because = 'Countersign ended before anything was sent';
      take(context, proposal, { kind: 'void', atMs, because }, [
        {
          kind: 'result',
          incident: proposal.incident,
          actor: host,
          body: { proposal: proposal.id, state: 'voided', because },
        },
      ]);
    }
    for (const proposal of context.repository.inState('executing')) {
      const because =
        'Countersign ended between the intent and the result: read the target, then say what happened';
      take(context, proposal, { kind: 'lose', atMs, because }, [
        {
          kind: 'result',
          incident: proposal.incident,
          actor: host,
          body: { proposal: proposal.id, state: 'unknown', because },
        },
      ]);
    }
    for (const proposal of context.repository.inState('watching'))
      watches.add(watchEffect(context, proposal.id));
  }

  return {
    propose: (wish: Wish) => propose(context, wish),
    find,
    ofIncident: (incident: string) => context.repository.ofIncident(incident),
    rechecksOf: (incident: string): Recheck[] =>
      context.repository.ofIncident(incident).flatMap(({ id }) => rechecks.get(id) ?? []),
    recheck,
    approve,
    deny: (id: ProposalId, answer: Omit<Answer, 'answer'>) =>
      decide(context, find(id), { ...answer, answer: 'deny' }),
    backOut,
    resolve,
    reconcile,
    /** Stop wins: every open offer is void. */
    voidAllOpen(because: string): void {
      for (const proposal of context.repository.inState('offered')) voidOffer(context, proposal, because);
    },
    close(): void {
      stopRechecking();
      for (const stop of watches) stop();
    },
  };
}
