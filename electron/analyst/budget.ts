import type { AnalystBudget } from '../../shared/vocabulary/analyst.ts';
import type { ModelPrice } from '../../shared/vocabulary/model.ts';
import type { Tokens } from './model-client.ts';
import { costOf } from './price.ts';

/** `tokens` and `usd` bind only where they are counted. */
export type Limits = { turns: number; reads: number; tokens: number; usd: number; wallMs: number };

/** Enough for a thorough reading, little enough that a loop gone wrong ends by itself. */
export const defaultLimits: Limits = { turns: 16, reads: 60, tokens: 600_000, usd: 3, wallMs: 180_000 };

/** What is counted besides turns, reads and time, which are always. */
export type Counted = { tokens: boolean; price: ModelPrice | null };

/** Counts what a run has used. `nowMs` is a monotonic clock. */
export function budgetOf(limits: Limits, nowMs: () => number, counted: Counted = NOTHING_COUNTED) {
  const { price } = counted;
  const startedMs = nowMs();
  let turns = 0;
  let reads = 0;
  let tokens = 0;
  let usd = 0;
  const wallMs = () => nowMs() - startedMs;
  return {
    countTurn: () => void turns++,
    countTokens(spent: Tokens): void {
      tokens += spent.input + spent.output;
      if (price) usd += costOf(spent, price);
    },
    /** Counts a read, unless none is left. */
    takeRead(): boolean {
      if (reads >= limits.reads) return false;
      reads += 1;
      return true;
    },
    /** How long the run may still go on. */
    leftMs: (): number => Math.max(0, Math.ceil(limits.wallMs - wallMs())),
    spent: (): AnalystBudget => ({
      turns: { used: turns, limit: limits.turns },
      reads: { used: reads, limit: limits.reads },
      tokens: counted.tokens ? { used: tokens, limit: limits.tokens } : null,
      usd: counted.tokens && price ? { used: usd, limit: limits.usd } : null,
      wallMs: { used: Math.round(wallMs()), limit: limits.wallMs },
    }),
    /** Which limit is reached, in words, or null. */
    exhausted(): string | null {
      if (turns >= limits.turns) return `the budget of ${limits.turns} turns is used up`;
      if (reads >= limits.reads) return `the budget of ${limits.reads} reads is used up`;
      if (tokens >= limits.tokens) return `the budget of ${limits.tokens} tokens is used up`;
      if (price && usd >= limits.usd) return `the budget of ${limits.usd} USD is used up`;
      if (wallMs() >= limits.wallMs) return `the time of ${limits.wallMs / 1000} s is used up`;
      return null;
    },
  };
}
export type Budget = ReturnType<typeof budgetOf>;

const NOTHING_COUNTED: Counted = { tokens: false, price: null };
