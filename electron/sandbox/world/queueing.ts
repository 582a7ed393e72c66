/** How waiting grows as what is waited for fills up. Shares and multiples; times in milliseconds. */

/** A request's time in a single server with utilisation `use`, as a multiple of its time in an idle one (M/G/1 shape). */
export function slowdown(use: number): number {
  const queued = Math.min(use, 0.97);
  return 1 + (0.5 * queued * queued) / (1 - queued);
}

/** Share of requests that fail because a server has more work than it can do. */
export function overload(use: number): number {
  const shed = use > 1 ? 1 - 1 / use : 0;
  return Math.max(0.3 / (1 + Math.exp(-(use - 1.02) / 0.03)), shed);
}

/** How long a taker waits at most for a connection. */
const acquireTimeoutMs = 1_000;

/**
 * A pool of `size` connections, each held for `holdMs` by `rps` takers a second: the mean wait for one, and the share that
 * gives up. The wait is Sakasegawa's approximation for M/M/c (1977): s·ρ^(√(2(c+1)) − 1) / (c(1 − ρ)).
 */
export function poolOf(
  size: number,
  rps: number,
  holdMs: number,
): { used: number; waiting: number; waitMs: number; refused: number } {
  const wanted = (rps * holdMs) / 1_000;
  const use = wanted / size;
  const bounded = Math.min(use, 0.98);
  const queued = (holdMs * bounded ** (Math.sqrt(2 * (size + 1)) - 1)) / (size * (1 - bounded));
  const waitMs = use >= 1 ? acquireTimeoutMs : Math.min(queued, acquireTimeoutMs);
  return {
    used: Math.min(wanted, size),
    waiting: (rps * waitMs) / 1_000,
    waitMs,
    refused: use > 1 ? 1 - 1 / use : 0,
  };
}
