import type { Envelope } from '../../shared/formats/envelope.ts';
import type { BlastClass, Target } from '../../shared/vocabulary/proposal.ts';
import type { StopState } from '../../shared/vocabulary/status.ts';

/** What the guard is asked about. Everything in it was read or counted by code; nothing is the model's word. */
export type Request = {
  envelope: Envelope;
  atMs: number;
  action: string;
  arguments: Record<string, unknown>;
  target: Target;
  blastRadius: BlastClass;
  reversible: boolean;
  backOutCommand: string;
  /** It undoes an execution of this incident. */
  backsOut: boolean;
  serviceTier: number | null;
  /** The number that it changes, where there is one. */
  moves: { of: string; from: number; to: number } | null;
  /** Who else writes the target, so that a live edit would be reverted. */
  managedBy: string | null;
  stop: StopState;
  /** A connector delivered something about the target in this incident. */
  targetObserved: boolean;
  /** Executions on this target within the last hour, back-outs not counted. */
  executionsOnTarget: number;
  /** Executions of this incident that failed, counted back from now to the last that did not. */
  failuresInARow: number;
  /** The last finished execution of this incident made things worse and was not backed out. */
  lastWasWorse: boolean;
};

export type RuleAnswer =
  | { kind: 'pass'; sentence: string }
  | { kind: 'escalate'; sentence: string }
  | { kind: 'deny'; sentence: string };

/** Pure; time comes in. A rule that throws denies. */
export type Rule = (request: Request) => RuleAnswer;

export const pass = (sentence: string): RuleAnswer => ({ kind: 'pass', sentence });
export const escalate = (sentence: string): RuleAnswer => ({ kind: 'escalate', sentence });
export const deny = (sentence: string): RuleAnswer => ({ kind: 'deny', sentence });
