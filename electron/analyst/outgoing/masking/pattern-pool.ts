import { Failure } from '../../../platform/failure.ts';
import { workerPool } from '../../../platform/worker-pool.ts';
import type { Span } from './span.ts';

/** Some hundred times what a whole conversation takes. */
const MOST_MS = 10_000;

/** Asks the kept rules in a thread of their own. What they do not answer in time is not sent: nobody looked through it. */
export function patternPool(mostMs = MOST_MS) {
  const pool = workerPool<string, Span[]>('analyst/outgoing/masking/pattern-worker.ts', { threads: 1 });
  return {
    async find(text: string): Promise<Span[]> {
      try {
        return await pool.run(text, AbortSignal.timeout(mostMs));
      } catch (error) {
        throw new Failure(
          'timeout',
          'What would be sent to the model could not be searched for secrets, so nothing was sent; ask again, or use the offline analyst',
          error,
        );
      }
    },
    close: pool.close,
  };
}
export type PatternPool = ReturnType<typeof patternPool>;
