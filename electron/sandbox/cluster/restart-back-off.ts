const firstMs = 10_000;
const longestMs = 300_000;
const forgottenMs = 600_000;

/**
 * How long a container that has ended waits before it is started again: not at all the first time, then 10 s, 20 s, 40 s
 * and so on up to 5 min, and as if for the first time once it has run for 10 min (the kubelet's `MaxContainerBackOff`).
 */
export function restartBackOff() {
  const known = new Map<string, { endedMs: number; startedMs: number; delayMs: number }>();

  return {
    ended(key: string, atMs: number): void {
      const before = known.get(key);
      const forgotten = !before || atMs - before.startedMs > forgottenMs;
      known.set(key, { startedMs: atMs, delayMs: 0, ...(forgotten ? {} : before), endedMs: atMs });
    },
    delayMs: (key: string): number => known.get(key)?.delayMs ?? 0,
    /** Time passes between an end and the next start, even without any delay. */
    mayRun(key: string, atMs: number): boolean {
      const { endedMs = 0, delayMs = 0 } = known.get(key) ?? {};
      return atMs > endedMs && atMs >= endedMs + delayMs;
    },
    started(key: string, atMs: number): void {
      const { endedMs = atMs, delayMs = 0 } = known.get(key) ?? {};
      const next = delayMs === 0 ? firstMs : Math.min(longestMs, delayMs * 2);
      known.set(key, { endedMs, startedMs: atMs, delayMs: next });
    },
  };
}
