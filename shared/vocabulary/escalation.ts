import { z } from 'zod';
import { EpochMs, EscalationId, IncidentId, ProposalId, Realm } from './ids.ts';

/** A hand-over to a human with the reasoning and a recommended next step; it ages in a queue. */
export const Escalation = z.strictObject({
  id: EscalationId,
  incident: IncidentId,
  title: z.string(),
  because: z.string(),
  recommended: z.string(),
  proposal: ProposalId.nullable(),
  openedMs: EpochMs,
  /** When somebody should have taken it; absent from one that an earlier version stored. */
  dueMs: EpochMs.exactOptional(),
  /** Who had it and since when, the last of them now; absent while nobody took it. */
  holders: z
    .array(z.strictObject({ person: z.string(), atMs: EpochMs }))
    .min(1)
    .exactOptional(),
  closed: z.strictObject({ atMs: EpochMs, person: z.string(), reason: z.string() }).nullable(),
});
export type Escalation = z.infer<typeof Escalation>;

/** One of the backlog: an open escalation and where it belongs. */
export const OpenEscalation = z.strictObject({
  realm: Realm,
  incidentTitle: z.string(),
  escalation: Escalation,
});
export type OpenEscalation = z.infer<typeof OpenEscalation>;
