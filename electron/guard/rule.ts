import type { Envelope } from '../../shared/formats/envelope.ts';
import type { BlastClass, Target, Tier } from '../../shared/vocabulary/proposal.ts';
import type { Stage, StopState } from '../../shared/vocabulary/status.ts';
import type { WindowsNow } from './windows/prepared-windows.ts';

/** What the guard is asked about. Everything in it was read or counted by code; nothing is the model's word. */
export type Request = {
  atMs: number;
  action: string;
  arguments: Record<string, unknown>;
  proposedBy: 'analyst' | 'person';
  target: Target;
  /** The id of the connection through which the target is reached. */
  cluster: string;
  /** Labels of the target's namespace; empty where they were not read, so an environment that asks for some does not fit. */
  namespaceLabels: Record<string, string>;
  blastRadius: BlastClass;
  reversible: boolean;
  backOutCommand: string;
  /** It undoes an execution of this incident. */
  backsOut: boolean;
  /** As the target's own label states it, or null. */
  serviceTier: number | null;
  /** The service that the target serves: its executions are counted together. */
  service: string;
  /** A StatefulSet, or whatever else keeps data that must outlive its pods. */
  keepsData: boolean;
  /** What backs the target up at this moment, or null. */
  backupRunning: string | null;
  /** The number that it changes, where there is one. */
  moves: { of: string; from: number; to: number } | null;
  /** Who else writes the target, so that a live edit would be reverted. */
  managedBy: string | null;
  /** The proposer's own, 0 to 1. It can raise the ceremony and never lower it. */
  confidence: number;
  /**
   * `outsider-text-only`: all that it rests on is text which an outsider can write, as a log body or a label's value.
   * `suspicious`: something was observed besides, and a text that it cites looks like instructions.
   */
  evidence: 'observed' | 'suspicious' | 'outsider-text-only';
  stop: StopState;
  /** A connector delivered something about the target in this incident. */
  targetObserved: boolean;
  /** Executions on this target within the last hour, back-outs not counted. */
  executionsOnTarget: number;
  /** The same on everything that serves the same service. */
  executionsOnService: number;
  /** Executions of this incident within the window of `breakers.executions`, back-outs not counted. */
  executionsInWindow: number;
  /** Denials of this incident within the window of `breakers.denials`. */
  denialsInWindow: number;
  /** Executions of this incident that failed, counted back from now to the last that did not. */
  failuresInARow: number;
  /** The last finished execution of this incident made things worse and was not backed out. */
  lastWasWorse: boolean;
  /** Which budget the analyst used up, as a sentence, or null. */
  analystOverBudget: string | null;
  /** What the credential holds beyond what the envelope could ever need, as a sentence, or null. */
  surplusCredentials: string | null;
};

/** A request with what the envelope makes of it, found once for all rules. */
export type Judged = Request & {
  envelope: Envelope;
  stage: Stage;
  /** Null: it belongs to none. */
  environment: string | null;
  /** Never unknown: what nobody states is the envelope's default. */
  tierOfService: number;
  windows: WindowsNow;
};

export type RuleAnswer =
  | { kind: 'pass'; sentence: string }
  /** It may be offered, and takes this ceremony at least. */
  | { kind: 'raise'; to: Tier; sentence: string }
  | { kind: 'escalate'; sentence: string }
  | { kind: 'deny'; sentence: string };

/** Pure; time comes in. A rule that throws denies. */
export type Rule = (judged: Judged) => RuleAnswer;

export const pass = (sentence: string): RuleAnswer => ({ kind: 'pass', sentence });
export const raise = (to: Tier, sentence: string): RuleAnswer => ({ kind: 'raise', to, sentence });
export const escalate = (sentence: string): RuleAnswer => ({ kind: 'escalate', sentence });
export const deny = (sentence: string): RuleAnswer => ({ kind: 'deny', sentence });
