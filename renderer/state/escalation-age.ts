import type { Escalation } from '../../shared/vocabulary/escalation.ts';

export type EscalationAge = {
  /** Who has it now. */
  holder: string | null;
  /** From its opening to whoever took it first, or to now. */
  waitedMs: number;
  /** How soon somebody should have taken it; null where an earlier version stored no such time. */
  targetMs: number | null;
  isLate: boolean;
};

/** How long an escalation has waited, beside how long it may. */
export function ageOf({ openedMs, dueMs, holders }: Escalation, nowMs: number): EscalationAge {
  const waitedMs = Math.max(0, (holders?.[0]?.atMs ?? nowMs) - openedMs);
  const targetMs = dueMs === undefined ? null : dueMs - openedMs;
  return {
    holder: holders?.at(-1)?.person ?? null,
    waitedMs,
    targetMs,
    isLate: targetMs !== null && waitedMs > targetMs,
  };
}
