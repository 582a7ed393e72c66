/** A token bucket: `burst` at once, then `perSecond` on average. */
export type Allowance = { take(): boolean };

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
    take() {
      const atMs = now();
      left = Math.min(burst, left + (Math.max(0, atMs - filledMs) / 1000) * perSecond);
      filledMs = atMs;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
