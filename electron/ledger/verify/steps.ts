/** What a long piece of work answers that is done in steps, when it is done in one go. */
export function atOnce<S, T>(steps: Generator<S, T>, onStep?: (step: S) => void): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    onStep?.(step.value);
  }
}

/**
 * The same with a pause after each step, so that whatever else is to be done has its turn. Aborting ends it between two
 * steps: it then answers undefined, and what it held is let go.
 */
export async function inTurns<S, T>(
  steps: Generator<S, T>,
  ports: { pause(): Promise<void>; signal: AbortSignal; onStep?: (step: S) => void },
): Promise<T | undefined> {
  try {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      ports.onStep?.(step.value);
      await ports.pause();
      if (ports.signal.aborted) return undefined;
    }
  } finally {
    // Runs what the steps would do at their end, also when they are left half way; the answer is not asked for.
    steps.return(undefined as T);
  }
}
