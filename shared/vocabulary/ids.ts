import { z } from 'zod';

const id = <B extends string>() => z.string().min(1).max(200).brand<B>();

export const IncidentId = id<'IncidentId'>();
export type IncidentId = z.infer<typeof IncidentId>;

export const ProposalId = id<'ProposalId'>();
export type ProposalId = z.infer<typeof ProposalId>;

export const HypothesisId = id<'HypothesisId'>();
export type HypothesisId = z.infer<typeof HypothesisId>;

export const EscalationId = id<'EscalationId'>();
export type EscalationId = z.infer<typeof EscalationId>;

export const ConnectionId = id<'ConnectionId'>();
export type ConnectionId = z.infer<typeof ConnectionId>;

/** Milliseconds since the epoch, UTC. On screens and in files it becomes ISO 8601. */
export const EpochMs = z.number().int().nonnegative();

/** Real incidents and drills never mix: other data file, other ledger, other connections. */
export const Realm = z.enum(['real', 'drill']);
export type Realm = z.infer<typeof Realm>;
