import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { ReportFacts } from './report-facts.ts';

/** When it began, was noticed, was acted on and was over; null for what did not happen or is not known. */
export type Milestones = {
  onsetMs: number | null;
  alertMs: number | null;
  openedMs: number;
  hypothesisMs: number | null;
  approvedMs: number | null;
  improvedMs: number | null;
  closedMs: number | null;
};

export function milestonesOf({ incident, candidates, events, entries, proposals }: ReportFacts): Milestones {
  const alert = events.find((event) => event.kind === 'signal' && event.sort === 'alert');
  const improvement = events.find(
    (event) => event.kind === 'record' && event.sort === 'outcome' && helped(proposals, event.ref),
  );
  return {
    onsetMs: candidates?.onsetMs ?? null,
    alertMs: alert?.atMs ?? null,
    openedMs: incident.openedMs,
    hypothesisMs: firstAt(entries, 'hypotheses'),
    approvedMs: earliest(proposals.flatMap(approvedAt)),
    improvedMs: improvement?.atMs ?? null,
    closedMs: incident.closedMs,
  };
}

const helped = (proposals: readonly Proposal[], id: string) =>
  proposals.some(
    (proposal) =>
      proposal.id === id && proposal.progress.state === 'done' && proposal.progress.outcome === 'improved',
  );

function firstAt(entries: ReportFacts['entries'], kind: string): number | null {
  const entry = entries.find((one) => one.kind === kind);
  return entry ? Date.parse(entry.at) : null;
}

const approvedAt = ({ progress }: Proposal): number[] =>
  'decision' in progress && progress.decision.answer === 'approve' ? [progress.decision.atMs] : [];

const earliest = (times: readonly number[]): number | null =>
  times.length === 0 ? null : Math.min(...times);
