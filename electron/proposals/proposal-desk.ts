import type { IncidentId, ProposalId } from '../../shared/vocabulary/ids.ts';
import type { Proposal, Recheck } from '../../shared/vocabulary/proposal.ts';
import { Failure } from '../platform/failure.ts';
import { offerBackOut, wishToBackOut } from './back-out.ts';
import { markBackedOut } from './backed-out.ts';
import { type HandWish, wishAgain, wishByHand, wishToRevise } from './by-hand.ts';
import { type ProposalContext, take } from './context.ts';
import { type Answer, decide, expire, voidOffer } from './decide.ts';
import { driftedBecause } from './drifted.ts';
import { execute } from './execute.ts';
import { expiryWatch } from './expiry.ts';
import { recheckTarget } from './preflight.ts';
import { propose as proposeIn, type Wish } from './propose.ts';
import { readBack } from './read-back.ts';
import { reconcile } from './reconcile.ts';
import { obstacleIn } from './trial.ts';
import { trialDesk } from './trial-desk.ts';
import { watchEffect } from './watch-effect.ts';
import { withdraw } from './withdraw.ts';

/** How often open cards are checked against live state, and what was lost is looked for. */
const RECHECK_MS = 5_000;

/** Time services put a clock back by less. */
const CLOCK_SLACK_MS = 2_000;

/** The life of every proposal of one realm. Pending ones live here alone; a screen sends an id and a digest. */
export function proposalDesk(context: ProposalContext) {
  const rechecks = new Map<string, Recheck>();
  const watches = new Set<() => void>();
  const expiry = expiryWatch(context.clock, context.repository.latestMs());
  const trials = trialDesk(context);
  const stopRechecking = context.clock.every(RECHECK_MS, async () => {
    noticeClock();
    context.repository.offersSeen(context.clock.now());
    await recheckOpen();
    await readBackLost();
  });

  function find(id: string): Proposal {
    const proposal = context.repository.find(id);
    if (!proposal) throw new Failure('not_found', `There is no proposal ${id}`);
    return proposal;
  }

  /** Its time runs from here on, whatever the clock is set to meanwhile. */
  async function propose(wish: Wish): Promise<Proposal> {
    noticeClock();
    const proposal = await proposeIn(context, wish);
    expiry.hasExpired(proposal);
    return proposal;
  }

  async function recheck(id: string): Promise<Recheck> {
    const proposal = find(id);
    const answer = await recheckTarget(context, proposal);
    const isTriable = answer.kind === 'unchanged' && proposal.progress.state === 'offered';
    const trial = isTriable ? await trials.of(proposal) : null;
    const recheck: Recheck = { proposal: proposal.id, atMs: context.clock.now(), answer, trial };
    rechecks.set(id, recheck);
    context.publish({ name: 'proposal.rechecked', recheck });
    if (answer.kind === 'drifted') voidIfOpen(id, driftedBecause(answer.because));
    return recheck;
  }

  /** How old an open offer is cannot be told any more once the clock was set back: none may outlive its time by that. */
  function noticeClock(): void {
    const backMs = expiry.look();
    if (backMs < CLOCK_SLACK_MS) return;
    for (const proposal of context.repository.inState('offered')) {
      voidOffer(context, proposal, `The clock was set back by ${Math.round(backMs / 1000)} s`);
    }
  }

  async function recheckOpen(): Promise<void> {
    for (const proposal of context.repository.inState('offered')) {
      if (!expireIfDue(proposal)) await recheck(proposal.id);
    }
  }

  function expireIfDue(proposal: Proposal): boolean {
    if (proposal.progress.state !== 'offered' || !expiry.hasExpired(proposal)) return false;
    expiry.forget(proposal.id);
    expire(context, proposal);
    return true;
  }

  /** Read again: while the target was read a human may have decided. */
  function voidIfOpen(id: string, because: string): void {
    const proposal = find(id);
    if (proposal.progress.state === 'offered') voidOffer(context, proposal, because);
  }

  /** INVARIANT: nothing is approved that its own server was not asked about a moment ago, or said no to. */
  async function requireTrial(id: string): Promise<void> {
    noticeClock();
    expireIfDue(find(id));
    const proposal = find(id);
    if (proposal.progress.state !== 'offered') return;
    const obstacle = obstacleIn(await trials.of(proposal));
    if (!obstacle) return;
    // What only fails because the target is another by now ends as void, with the words for it.
    if ((await recheck(id)).answer.kind === 'drifted') return;
    throw new Failure('refused', `“${proposal.title}” cannot be approved. ${obstacle}`);
  }

  async function approve(id: string, answer: Omit<Answer, 'answer'>): Promise<Proposal> {
    await requireTrial(id);
    const decided = decide(context, find(id), { ...answer, answer: 'approve' });
    // The first of two approvals leaves it offered, and in stage shadow nothing is executed.
    if (decided.progress.state !== 'approved') return decided;
    const executed = await execute(context, decided);
    if (executed.progress.state === 'watching') {
      markBackedOut(context, executed);
      watch(executed.id);
    }
    return executed;
  }

  function watch(id: string): void {
    watches.add(
      watchEffect(context, id, async (judged) => {
        const { progress } = judged;
        if (progress.state !== 'done' || progress.outcome !== 'worse') return;
        const way = await offerBackOut(context, judged);
        if (way) expiry.hasExpired(way);
      }),
    );
  }

  async function backOut(id: string, person: string): Promise<Proposal> {
    const proposedBy = { kind: 'person', name: person } as const;
    const restsOn = `${person} asked for the way back`;
    return propose(wishToBackOut(context, find(id), { proposedBy, restsOn }));
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
    const { trace } = proposal.progress;
    const resolved = take(context, proposal, { kind: 'resolve', applied: answer.applied, atMs, because }, [
      {
        kind: 'outcome',
        incident: proposal.incident,
        actor: { kind: 'person', name: answer.person },
        body: {
          proposal: id,
          resolved: answer.applied ? 'applied' : 'not applied',
          reason: answer.reason,
          readBack: trace?.kind ?? null,
        },
      },
    ]);
    if (answer.applied) markBackedOut(context, resolved);
    return resolved;
  }

  /** What was lost is looked for until its target can be read. */
  async function readBackLost(): Promise<void> {
    for (const proposal of context.repository.inState('unknown')) {
      const { progress } = proposal;
      if (progress.state === 'unknown' && !progress.trace) await readBack(context, proposal);
    }
  }

  return {
    propose,
    proposeByHand: async (incident: IncidentId, given: HandWish, person: string): Promise<Proposal> =>
      propose(wishByHand(incident, given, person)),
    revise: async (
      id: string,
      given: Parameters<typeof wishToRevise>[1],
      person: string,
    ): Promise<Proposal> => propose(wishToRevise(find(id), given, person)),
    proposeAgain: async (id: string, person: string): Promise<Proposal> =>
      propose(wishAgain(find(id), person)),
    withdraw: (id: string, by: { person: string; because: string }): Proposal =>
      withdraw(context, find(id), by),
    find,
    all: () => context.repository.all(),
    ofIncident: (incident: string) => context.repository.ofIncident(incident),
    rechecksOf: (incident: string): Recheck[] =>
      context.repository.ofIncident(incident).flatMap(({ id }) => rechecks.get(id) ?? []),
    recheck,
    approve,
    deny(id: ProposalId, answer: Omit<Answer, 'answer'>): Proposal {
      noticeClock();
      expireIfDue(find(id));
      return decide(context, find(id), { ...answer, answer: 'deny' });
    },
    backOut,
    resolve,
    /** What a crash left open: nothing that may have been sent is sent again. */
    reconcile(): void {
      for (const proposal of reconcile(context)) watch(proposal.id);
    },
    /** Stop wins: every open offer is void, or those of which `which` says so. */
    voidAllOpen(because: string, which: (proposal: Proposal) => boolean = () => true): void {
      for (const proposal of context.repository.inState('offered').filter(which))
        voidOffer(context, proposal, because);
    },
    close(): void {
      stopRechecking();
      for (const stop of watches) stop();
    },
  };
}
