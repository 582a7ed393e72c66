import type { Raw } from './delivered.ts';

/**
 * What the start of an alert is to whoever tells it: since when its condition holds, as Prometheus counts, or since when it
 * fires, which is later by the `for` of its rule, as Alertmanager counts and whomever it tells.
 */
export type StartOf = 'condition' | 'firing';

/** One alert that is firing now. */
export type Alert = {
  /** Stable for the same alert with the same labels. */
  fingerprint: string;
  /**
   * The fingerprints under which the Alertmanagers have it that it is sent to, where its labels are changed on the way; none
   * where it is sent to nobody, absent where they are its own or nobody knows.
   */
  sentAs?: readonly string[];
  name: string;
  severity: 'info' | 'warning' | 'critical';
  service: string | null;
  labels: Record<string, string>;
  summary: string;
  startedMs: number;
  /** At most so long after its condition began to hold it fires, as far as its rule says. */
  firesWithinMs?: number;
  /** The expression that fired, where the system tells it; `comparison` is cut off it, so that it yields the series. */
  query?: { expression: string; series: string; threshold: number | null };
  /** What else it is told together with, where the system groups alerts: the labels they have in common. */
  groups?: string[];
  /** Which sender of a receiver told it, as its secret proved. */
  sender?: string;
  /** What the system sent of it, word for word; null where it sent nothing. */
  raw: string | null;
};

/** An alert that fires no more, as it is read afterwards: without what was said of it when it fired. */
export type EndedAlert = Omit<Alert, 'firesWithinMs' | 'query' | 'groups' | 'raw'> & {
  endedMs: number;
  /** What the system sent from which it is known; null where it is too much to be held. */
  raw: Raw | null;
};
