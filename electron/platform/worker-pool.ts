import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import { workerFile } from './paths.ts';

/** Threads that do one kind of work, begun when first needed and let go when idle. */
export type WorkerPool<Task, Answer> = {
  threads: number;
  /** Task and answer are cloned on the way, shared memory is not. Rejects with what the work threw, or when it is closed. */
  run(task: Task, signal?: AbortSignal): Promise<Answer>;
  /** Ends what is under way. */
  close(): Promise<void>;
};

const IDLE_MS = 30_000;
/** A worker that needs more fails by itself instead of taking the host along. */
const MOST_HEAP_MB = 2_048;

/**
 * A pool for the work of one module, whose default export takes a task and returns its answer. `source` is its path below
 * electron/. At most as many threads as the machine has cores.
 */
export function workerPool<Task, Answer>(
  source: string,
  { threads = availableParallelism() }: { threads?: number } = {},
): WorkerPool<Task, Answer> {
  const pool = new Piscina<Task, Answer>({
    filename: pathToFileURL(workerFile(source)).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    // The screen and the ingest come first.
    niceIncrement: 5,
  });
  return {
    threads,
    run: (task, signal) => pool.run(task, signal ? { signal } : {}),
    close: () => pool.destroy(),
  };
}
