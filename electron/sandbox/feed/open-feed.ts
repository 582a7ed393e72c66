import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { type Simulation, stepMs } from '../simulation.ts';
import { type Mode, postCloudEvent } from './post-cloud-event.ts';
import { type CloudEvent, tellChange } from './tell-change.ts';
import { watchWorld } from './watch-world.ts';

export type Feed = {
  /** How many events were taken, and how many wait to be sent (again). */
  counts(): { taken: number; waiting: number; givenUp: number };
  close(): Promise<void>;
};

type Waiting = { event: CloudEvent; mode: Mode; attempts: number; dueMs: number };

const mostWaiting = 2_000;
const mostAttempts = 10;
const mostDelayMs = 5 * 60_000;

/**
 * Posts the deploys and settings of the world as CloudEvents, as pipelines and configuration services do: what happened
 * before at once, the rest as it happens. Every other event is in binary mode. The world never waits for a receiver that
 * does not answer: what failed is tried again at later steps of the clock, ever more seldom, and given up in the end.
 */
export async function openFeed(options: {
  /** Where events go, with its path: `http://127.0.0.1:<port>/events`. */
  url: string;
  token: string;
  world: Pick<Simulation, 'made' | 'store'>;
  seed: number;
  clock: Clock;
  logger: Logger;
}): Promise<Feed> {
  const { url, token, world, seed, clock, logger } = options;
  const watch = watchWorld(world);
  const closing = new AbortController();
  let waiting: Waiting[] = [];
  let told = 0;
  let taken = 0;
  let givenUp = 0;
  let answers = true;
  let sending: Promise<void> | undefined;

  function collect(): void {
    const fresh = watch.next().map((change): Waiting => {
      told += 1;
      const mode = told % 2 === 1 ? 'structured' : 'binary';
      return { event: tellChange(change, seed), mode, attempts: 0, dueMs: 0 };
    });
    waiting.push(...fresh);
    giveUp(waiting.splice(0, Math.max(0, waiting.length - mostWaiting)), 'too many wait');
  }

  function giveUp(events: readonly Waiting[], because: string): void {
    if (events.length === 0) return;
    givenUp += events.length;
    logger.warn({ events: events.length, because }, 'changes of the world could not be posted');
  }

  /** One after the other, until one shows that nobody is there: the others need not find out, too. */
  async function sendDue(): Promise<void> {
    for (const one of waiting.filter(({ dueMs }) => dueMs <= clock.now())) {
      const posted = await postCloudEvent({ url, token }, one.event, one.mode, closing.signal);
      if (closing.signal.aborted) return;
      answers = posted.kind !== 'later';
      if (posted.kind === 'later' && one.attempts + 1 < mostAttempts) {
        one.attempts += 1;
        one.dueMs = clock.now() + Math.min(mostDelayMs, stepMs * 2 ** one.attempts);
        return;
      }
      waiting = waiting.filter((other) => other !== one);
      if (posted.kind === 'taken') taken += 1;
      else giveUp([one], posted.because);
    }
  }

  async function step(): Promise<void> {
    collect();
    sending ??= sendDue().finally(() => {
      sending = undefined;
    });
    // On a stepped clock the events arrive at their own time; a receiver that is silent costs that only once.
    if (answers) await sending;
  }

  await step();
  const stop = clock.every(stepMs, step);
  return {
    counts: () => ({ taken, waiting: waiting.length, givenUp }),
    async close() {
      stop();
      watch.stop();
      closing.abort();
      await sending;
    },
  };
}
