import { z } from 'zod';
import { EpochMs, EscalationId, IncidentId, ProposalId } from './ids.ts';

/** A hand-over to a human with the reasoning and a recommended next step; it ages in a queue. */
export const Escalation = z.strictObject({
  id: EscalationId,
  incident: IncidentId,
  title: z.string(),
  because: z.string(),
  recommended: z.string(),
  proposal: ProposalId.nullable(),
  openedMs: EpochMs,
  closed: z.strictObject({ atMs: EpochMs, person: z.string(), reason: z.string() }).nullable(),
});
export type Escalation = z.infer<typeof Escalation>;
