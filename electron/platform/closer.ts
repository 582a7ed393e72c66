/** What was opened is closed in the opposite order, even where closing one of them fails. */
export type Closer = { add(close: () => unknown): void; closeAll(): Promise<void> };

export function closer(): Closer {
  const closers: (() => unknown)[] = [];
  return {
    add: (close) => void closers.push(close),
    /** Throws the first of what was thrown, after all had their turn. */
    async closeAll() {
      const failures: unknown[] = [];
      for (let close = closers.pop(); close; close = closers.pop()) {
        await Promise.try(close).catch((error) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
