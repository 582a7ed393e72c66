import { z } from 'zod';
import { EpochMs, IncidentId, Realm } from './ids.ts';

export const Severity = z.enum(['sev1', 'sev2', 'sev3', 'sev4']);
export type Severity = z.infer<typeof Severity>;

/** One piece of trouble being worked. */
export const Incident = z.strictObject({
  id: IncidentId,
  realm: Realm,
  title: z.string().min(1).max(300),
  severity: Severity,
  status: z.enum(['open', 'mitigated', 'closed']),
  commander: z.string(),
  openedMs: EpochMs,
  closedMs: EpochMs.nullable(),
  /** Where the evidence is gathered from; it runs on to now while the incident is open. */
  fromMs: EpochMs,
  services: z.array(z.string()),
  drill: z.strictObject({ scenario: z.string(), seed: z.number().int() }).nullable(),
});
export type Incident = z.infer<typeof Incident>;
