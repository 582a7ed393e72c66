import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { Proposal, Target } from '../../shared/vocabulary/proposal.ts';
import type { StopState } from '../../shared/vocabulary/status.ts';
import type { Action, Systems } from '../actions/action.ts';
import type { LoadedEnvelope } from '../guard/envelope.ts';
import type { Ledger, NewEntry } from '../ledger/log.ts';
import type { Clock } from '../platform/clock.ts';
import type { Signer } from '../platform/ed25519.ts';
import type { Ids } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { ProposalRepository } from '../store/proposal-repository.ts';
import type { Timeline } from '../timeline/timeline.ts';
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
  envelope(): LoadedEnvelope;
  stop(): StopState;
  /** What a connection can be written to as; nothing when it is gone or only reads. */
  systems(id: string): Systems;
  /** The newest value of a service's metric, or null when there is none. */
  latest(service: string, metric: string, signal: AbortSignal): Promise<number | null>;
  /** The approver's key; throws `Failure('locked')` while the vault is locked. */
  approver(): Signer;
  openEscalation(escalation: Omit<Escalation, 'id' | 'openedMs' | 'closed'>): void;
  publish(event: HostEvent): void;
};

/** How long one read of, or write to, a target's system may take. */
export const REACH_TIMEOUT_MS = 10_000;

/**
 * Stores a proposal together with the entries that record what became of it, in one transaction that is on disk when
 * this returns, and tells the screen.
 */
export function commit(context: ProposalContext, proposal: Proposal, entries: NewEntry[]): Proposal {
  context.ledger.record(entries, () => context.repository.save(proposal, context.clock.now()));
  context.publish({ name: 'proposal.changed', proposal });
  return proposal;
}

/** One step in a proposal's life, stored with its entries. A step its state does not allow is a defect. */
export function take(
  context: ProposalContext,
  proposal: Proposal,
  step: Step,
  entries: NewEntry[] = [],
): Proposal {
  const progress = advance(proposal.progress, step);
  if (!progress) throw new Error(`${proposal.id} cannot ${step.kind} while ${proposal.progress.state}`);
  return commit(context, { ...proposal, progress }, entries);
}

/** Why an action cannot be tried on a connection. */
export const notReached = (connection: string, { name, on }: Action) =>
  on === 'flags'
    ? `The flags connection ${connection} is not connected, or ${name} cannot be done on it`
    : `The cluster ${connection} is not connected, or ${name} cannot be done on it`;

/** The service that a line of the timeline is about: a workload's own, else the one whose metrics are to show the effect. */
export const serviceOf = ({ target, expectedEffect }: Proposal): string =>
  target.kind === 'Deployment' || target.kind === 'StatefulSet' ? target.name : expectedEffect.service;

/** The words for a target in titles and denials. */
export const nameOf = ({ namespace, name }: Target) => `${namespace}/${name}`;
