import type { HostEvent } from '../../shared/bridge/host-events.ts';
import { placeOf } from '../../shared/formats/shown-text.ts';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import type { Evidence } from '../../shared/vocabulary/hypothesis.ts';
import type { IncidentId, Realm } from '../../shared/vocabulary/ids.ts';
import type { Proposal, Target, Watch } from '../../shared/vocabulary/proposal.ts';
import type { StopState } from '../../shared/vocabulary/status.ts';
import type { Action, Systems } from '../actions/action.ts';
import type { EnvelopeInForce } from '../guard/envelope/loaded-envelope.ts';
import type { BreakerCounts, BreakerLimits } from '../guard/stops/breakers.ts';
import type { Ledger, NewEntry } from '../ledger/log.ts';
import type { Clock } from '../platform/clock.ts';
import type { Signer } from '../platform/ed25519.ts';
import type { Ids } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { ProposalRepository } from '../store/proposal-repository.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { CitedText } from './cited-text.ts';
import { advance, type Step } from './life.ts';

/** What the life of a proposal needs from the rest of the host, handed in once. */
export type ProposalContext = {
  realm: Realm;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  ledger: Ledger;
  repository: ProposalRepository;
  timeline: Timeline;
  actions: readonly Action[];
  /** As it lies in its folder at this moment. */
  envelope(): EnvelopeInForce;
  stop(): StopState;
  /** Aborts with the stop: what takes several requests sends no further one. */
  halting(): AbortSignal;
  /** What the breakers of an incident go by, counted at this moment. */
  breakerCounts(incident: IncidentId, limits: BreakerLimits): BreakerCounts;
  /** What a connection's credential holds beyond the envelope, as a sentence; null where nothing is to be refused. */
  surplusCredentials(connection: string): string | null;
  /** What a connection can be written to as; nothing when it is gone or only reads. */
  systems(id: string): Systems;
  /** What people call a connection; nothing when it is gone. */
  nameOf(id: string): string | undefined;
  /** The newest value of a service's metric, or null when there is none. */
  latest(service: string, metric: string, signal: AbortSignal): Promise<number | null>;
  /** A service's metric in the minutes before now, oldest first. */
  history(service: string, metric: string, lastMs: number, signal: AbortSignal): Promise<Watch['samples']>;
  /** Whether something that was observed is cited, or nothing but text that an outsider can write. */
  citedText(incident: Proposal['incident'], evidence: readonly Evidence[]): CitedText;
  /**
   * The key of the person who decides. @throws Failure `locked` while their passphrase is needed, `conflict` when
   * somebody else is at the controls.
   */
  approver(person: string): Signer;
  openEscalation(escalation: Omit<Escalation, 'id' | 'openedMs' | 'closed'>): void;
  publish(event: HostEvent): void;
};

/** How long one read of, or write to, a target's system may take. */
export const REACH_TIMEOUT_MS = 10_000;

/**
 * Stores a proposal together with the entries that record what became of it, in one transaction that is on disk when
 * this returns, and tells the screen. `also` are others that change with it.
 */
export function commit(
  context: ProposalContext,
  proposal: Proposal,
  entries: NewEntry[],
  also: readonly Proposal[] = [],
): Proposal {
  const all = [proposal, ...also];
  context.ledger.record(entries, () => {
    for (const one of all) context.repository.save(one, context.clock.now());
  });
  for (const one of all) context.publish({ name: 'proposal.changed', proposal: one });
  return proposal;
}

/** The proposal after a step. One that its state does not allow is a defect. */
export function stepped(proposal: Proposal, step: Step): Proposal {
  const progress = advance(proposal.progress, step);
  if (!progress) throw new Error(`${proposal.id} cannot ${step.kind} while ${proposal.progress.state}`);
  return { ...proposal, progress };
}

/** One step in a proposal's life, stored with its entries. INVARIANT: no state is left without an entry that says so. */
export function take(
  context: ProposalContext,
  proposal: Proposal,
  step: Step,
  entries: NewEntry[] = [],
): Proposal {
  const next = stepped(proposal, step);
  if (next.progress.state !== proposal.progress.state && entries.length === 0) {
    throw new Error(`${proposal.id} becomes ${next.progress.state} and nothing records it`);
  }
  return commit(context, next, entries);
}

/** Why nothing can be read of a cluster. */
export const notReadable = (connection: string) => `The cluster ${connection} is not connected`;

/** Why an action cannot be tried on a connection. */
export const notReached = (connection: string, { name, on }: Action) =>
  on === 'flags'
    ? `The flags connection ${connection} is not connected, or ${name} cannot be done on it`
    : `The cluster ${connection} is not connected, or ${name} cannot be done on it`;

/** The service that a line of the timeline is about: a workload's own, else the one whose metrics are to show the effect. */
export const serviceOf = ({ target, expectedEffect }: Proposal): string =>
  target.kind === 'Deployment' || target.kind === 'StatefulSet' ? target.name : expectedEffect.service;

/** The words for a target in titles and denials. */
export const nameOf: (target: Target) => string = placeOf;
