import type { AnalystBudget } from '../../shared/vocabulary/analyst.ts';

export type Limits = { turns: number; reads: number; wallMs: number };

/** Enough for a thorough reading, little enough that a loop gone wrong ends by itself. */
export const defaultLimits: Limits = { turns: 16, reads: 60, wallMs: 180_000 };

/** Counts what a run has used. `nowMs` is a monotonic clock. */
export function budgetOf(limits: Limits, nowMs: () => number) {
  const startedMs = nowMs();
  let turns = 0;
  let reads = 0;
  return {
    countTurn: () => void turns++,
    countRead: () => void reads++,
    spent: (): AnalystBudget => ({
      turns: { used: turns, limit: limits.turns },
      reads: { used: reads, limit: limits.reads },
      wallMs: { used: Math.round(nowMs() - startedMs), limit: limits.wallMs },
    }),
    /** Which limit is reached, in words, or null. */
    exhausted(): string | null {
      if (turns >= limits.turns) return `the budget of ${limits.turns} turns is used up`;
      if (reads >= limits.reads) return `the budget of ${limits.reads} reads is used up`;
      if (nowMs() - startedMs >= limits.wallMs) return `the time of ${limits.wallMs / 1000} s is used up`;
      return null;
    },
  };
}
export type Budget = ReturnType<typeof budgetOf>;
