import type { TellingTarget } from '../../shared/vocabulary/telling.ts';
import { allowance } from '../platform/allowance.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import type { Message } from './message.ts';

const BURST = 8;
const PER_SECOND = 1 / 6;
const MOST_WAITING = 30;

export type Target = {
  about: Pick<TellingTarget, 'id' | 'name' | 'kind' | 'from' | 'host' | 'occasions' | 'drills'>;
  send(message: Message, signal: AbortSignal): Promise<void> | void;
};
export type TellingQueue = ReturnType<typeof tellingQueue>;

/** One target in its own queue, so that one that is slow delays no other. */
export function tellingQueue(
  target: Target,
  ports: { nowMs(): number; withoutSecrets(text: string): string; logger: Logger },
) {
  const { nowMs, withoutSecrets, logger } = ports;
  const { occasions, drills, name } = target.about;
  const closing = new AbortController();
  const pace = allowance({ burst: BURST, perSecond: PER_SECOND, now: nowMs });
  const state: Pick<TellingTarget, 'state' | 'sentence' | 'atMs'> = {
    state: 'unused',
    sentence: 'Nothing was told yet.',
    atMs: null,
  };
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  let leftOut = 0;

  async function deliver(message: Message): Promise<void> {
    if (closing.signal.aborted) return;
    const missed = leftOut;
    const body = missed === 0 ? message.body : `${message.body} (${missed} more were left out)`;
    try {
      // INVARIANT: no text leaves without having been here.
      const clean = { ...message, title: withoutSecrets(message.title), body: withoutSecrets(body) };
      await target.send(clean, closing.signal);
      leftOut -= missed;
      Object.assign(state, { state: 'told', sentence: 'The last message arrived.', atMs: nowMs() });
    } catch (error) {
      if (closing.signal.aborted) return;
      Object.assign(state, { state: 'failed', sentence: messageOf(error), atMs: nowMs() });
      logger.warn({ target: name, error: messageOf(error) }, 'people could not be told');
    }
  }

  /** False where it is more than the target is told in this time: a flood says no more than its first messages. */
  function put(message: Message): boolean {
    // A stop is always told: it is rare, and nobody may miss it.
    const hasRoom = message.occasion === 'stop' || (waiting < MOST_WAITING && pace.take());
    if (!hasRoom) return false;
    waiting += 1;
    last = last
      .then(() => deliver(message))
      .finally(() => {
        waiting -= 1;
      });
    return true;
  }

  return {
    take(message: Message): void {
      if (!occasions.includes(message.occasion) || (message.drill && !drills)) return;
      if (!put(message)) leftOut += 1;
    },
    /** Resolves once the target has answered. */
    async test(message: Message): Promise<void> {
      if (put(message)) return last;
      Object.assign(state, {
        state: 'failed',
        sentence: 'So much was told just now that the test was left out. Send it again in a minute.',
        atMs: nowMs(),
      });
    },
    view: (): TellingTarget => ({ ...target.about, ...state }),
    close: (): void => closing.abort(),
  };
}
