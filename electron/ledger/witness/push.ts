/** Keeps a witness up to date without anyone waiting for it: what is signed is signed, whatever a witness does. */
import { Failure, messageOf } from '../../platform/failure.ts';
import { type Logger, silentLogger } from '../../platform/logger.ts';
import type { SignedLog } from './signed-log.ts';
import { goneFailure, type Witness, witnessSays } from './witness.ts';

/**
 * `conflict`: it remembers what the log does not contain. `other-log`: it remembers the one that this log took the place
 * of. `waiting`: nothing is signed yet, or it was not asked yet.
 */
export type WitnessStanding = {
  state: 'waiting' | 'current' | 'behind' | 'other-log' | 'conflict';
  /** Entries under the newest head it is known to remember; null when that is not known. */
  size: number | null;
  /** For the person: what is so and, where something is wrong, what to do. */
  sentence: string;
};

/** Hands the newest signed log to `use`, undefined where nothing is signed, and closes it afterwards. */
export type WithLog = <T>(use: (log: SignedLog | undefined) => Promise<T>) => Promise<T>;

/**
 * Shows a witness the newest head now and says how it stands. Never throws what a witness or a disk did; a defect it does.
 */
export async function pushOnce(
  witness: Witness,
  withLog: WithLog,
  signal: AbortSignal,
): Promise<WitnessStanding> {
  const first = await attempt(witness, withLog, signal);
  if (first.standing.state !== 'conflict') return first.standing;
  // Another process may have signed, and shown the witness, more since the log was read.
  const second = await attempt(witness, withLog, signal);
  const isBetterKnown = second.standing.state === 'current' || second.headSize > first.headSize;
  return isBetterKnown ? second.standing : first.standing;
}

async function attempt(
  witness: Witness,
  withLog: WithLog,
  signal: AbortSignal,
): Promise<{ standing: WitnessStanding; headSize: number }> {
  let headSize = 0;
  try {
    const standing = await withLog(async (log): Promise<WitnessStanding> => {
      if (!log) return withoutLog(witness, signal);
      headSize = log.head.size;
      await witness.push(log, signal);
      return { state: 'current', size: headSize, sentence: `It remembers the head of ${headSize} entries.` };
    });
    return { standing, headSize };
  } catch (error) {
    return { standing: standingOf(error), headSize };
  }
}

async function withoutLog(witness: Witness, signal: AbortSignal): Promise<WitnessStanding> {
  const held = await witness.held?.(signal);
  if (held !== undefined) throw goneFailure(held, witnessSays(witness));
  return { state: 'waiting', size: null, sentence: 'Nothing is signed yet.' };
}

function standingOf(error: unknown): WitnessStanding {
  if (!(error instanceof Failure)) throw error;
  const state = error.code === 'conflict' ? 'conflict' : error.code === 'refused' ? 'other-log' : 'behind';
  return { state, size: null, sentence: error.message };
}

type Ports = {
  witness: Witness;
  withLog: WithLog;
  /** Called whenever the standing changed. */
  onChange(): void;
  logger?: Logger;
  /** How long heads signed in quick succession wait to be shown as one, and how long after a failure; in milliseconds. */
  delays?: Delays;
};
type Delays = { gatherMs: number; retryMs: number; mostMs: number };

const usual: Delays = { gatherMs: 1000, retryMs: 5000, mostMs: 10 * 60_000 };

/**
 * Shows a witness each newest head, one at a time. What fails is tried again, each time after twice as long, and sooner
 * when there is something new to show. After a conflict it goes on asking too: the answer may be mended there.
 */
export function witnessPusher({ witness, withLog, onChange, logger = silentLogger, delays = usual }: Ports) {
  const closing = new AbortController();
  let standing: WitnessStanding = { state: 'waiting', size: null, sentence: 'It was not asked yet.' };
  let timer: NodeJS.Timeout | undefined;
  let pushing: Promise<void> | undefined;
  let isNews = false;
  let failures = 0;

  /** There is, or may be, a new head. Returns at once. */
  function nudge(): void {
    // Heads that keep coming must not put off the time at which the first of them is shown.
    if (isNews) return;
    isNews = true;
    if (!pushing) scheduleNews();
  }

  /** One that just failed is not asked at the pace at which heads are signed. */
  function scheduleNews(): void {
    schedule(failures > 0 ? delays.retryMs : delays.gatherMs);
  }

  function schedule(afterMs: number): void {
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    timer = setTimeout(() => void push(), afterMs).unref();
  }

  function push(): Promise<void> {
    pushing ??= run().finally(() => {
      pushing = undefined;
      if (isNews) scheduleNews();
      else if (failures > 0) schedule(Math.min(delays.mostMs, delays.retryMs * 2 ** (failures - 1)));
    });
    return pushing;
  }

  async function run(): Promise<void> {
    clearTimeout(timer);
    isNews = false;
    const before = standing;
    try {
      const found = await pushOnce(witness, withLog, closing.signal);
      // That it cannot be asked any more does not mend what it said.
      const isOld = found.state === 'behind' && before.state === 'conflict';
      standing = isOld ? before : { ...found, size: found.size ?? before.size };
    } catch (error) {
      logger.error(
        { witness: witness.name, error: messageOf(error) },
        'a witness could not be shown the ledger',
      );
      standing = {
        ...before,
        state: 'behind',
        sentence: `Something in Countersign itself failed: ${messageOf(error)}`,
      };
    }
    failures = standing.state === 'current' || standing.state === 'waiting' ? 0 : failures + 1;
    if (closing.signal.aborted) return;
    if (before.state !== standing.state || before.sentence !== standing.sentence) tell(before);
  }

  function tell(before: WitnessStanding): void {
    const about = { witness: witness.name, size: standing.size, sentence: standing.sentence };
    if (standing.state === 'conflict') logger.error(about, 'a witness contradicts the ledger');
    else if (standing.state === 'behind' || standing.state === 'other-log')
      logger.warn(about, 'a witness is behind');
    else if (before.state !== standing.state) logger.info(about, 'a witness is up to date');
    onChange();
  }

  return {
    nudge,
    standing: (): WitnessStanding => standing,
    /** Ends what is under way; resolves when nothing of the log is read any more. */
    async close(): Promise<void> {
      closing.abort();
      clearTimeout(timer);
      await pushing;
    },
  };
}
