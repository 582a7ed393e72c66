import type { Candidates } from '../../shared/vocabulary/candidate.ts';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { SectionName, Written } from '../../shared/vocabulary/report.ts';
import type { LedgerEntry } from '../ledger/entry.ts';

/** Everything the draft is made of. */
export type ReportFacts = {
  incident: Incident;
  events: readonly Event[];
  candidates: Candidates | null;
  hypotheses: readonly Hypothesis[];
  proposals: readonly Proposal[];
  escalations: readonly Escalation[];
  /** What stands on record about the incident, in order. */
  entries: readonly LedgerEntry[];
  ledger: { origin: string; size: number; rootHex: string; checkpoint: string | null };
  written: Readonly<Partial<Record<SectionName, Written>>>;
};
