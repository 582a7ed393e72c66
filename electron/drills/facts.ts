import type { Event } from '../../shared/vocabulary/event.ts';
import type { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { DrillAnswer, Remedy } from '../sandbox/scenario/answer.ts';

export type { DrillAnswer, Remedy };

/** Hypotheses as they were stated at one time, in the order of their rank. */
export type Statement = { atMs: number; hypotheses: readonly Pick<Hypothesis, 'claim' | 'cause' | 'rank'>[] };

/** What is on record of a drill that has ended. */
export type DrillFacts = {
  scenario: { name: string; title: string; difficulty: number };
  seed: number;
  incident: Incident;
  /** Who is scored. */
  person: string;
  endedMs: number;
  events: readonly Event[];
  /** Each time hypotheses were stated, oldest first. */
  statements: readonly Statement[];
  proposals: readonly Proposal[];
};
