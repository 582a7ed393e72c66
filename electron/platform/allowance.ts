/** A token bucket: `burst` at once, then `perSecond` on average. */
export type Allowance = { take(count?: number): boolean };

export function allowance({
  burst,
  perSecond,
  now,
}: {
  burst: number;
  perSecond: number;
  now: () => number;
}): Allowance {
  let left = burst;
  let filledMs = now();
  return {
    take(count = 1) {
      const atMs = now();
      left = Math.min(burst, left + (Math.max(0, atMs - filledMs) / 1000) * perSecond);
      filledMs = atMs;
      if (left < count) return false;
      left -= count;
      return true;
    },
  };
}
