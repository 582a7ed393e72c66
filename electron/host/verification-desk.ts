import { EpochMs, type Realm } from '../../shared/vocabulary/ids.ts';
import type { OutsideHead } from '../ledger/outside-head.ts';
import { inTurns } from '../ledger/verify/steps.ts';
import type { Verification } from '../ledger/verify/verification.ts';
import { type Progress, verifyAtStart, verifyDataFileSteps } from '../ledger/verify/verify-data-dir.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import type { RealmDesk } from './realm.ts';

const HOUR_MS = 3_600_000;
/** The whole of a log is verified when it was not for so long. */
const WEEK_MS = 7 * 24 * HOUR_MS;
/** Name of the setting that holds when that was, in wall-clock time. */
const VERIFIED = 'ledger.verified';

/** What is known of a log: what was found at start or since, and how far the verification under way got. */
export type Verified = { found: Verification; progress: Progress | null };
export type VerificationDesk = ReturnType<typeof verificationDesk>;

type VerifiedRealm = Pick<RealmDesk, 'realm' | 'dataFile' | 'settings' | 'headKept'>;
type Ports = {
  realms: readonly VerifiedRealm[];
  /** The heads as they were kept when this process began, before it signed anything. */
  heads: Partial<Record<Realm, OutsideHead | undefined>>;
  /** Runs with the machine's time. */
  clock: Clock;
  logger: Logger;
  onChange(): void;
  /** Lets everything else have its turn. */
  pause?: (() => Promise<void>) | undefined;
};

/**
 * Verifies the end of each log at once, so that nobody waits for the rest, and all of it in the background once a week.
 * What either finds is the state of the log.
 */
export function verificationDesk(ports: Ports) {
  const { realms, heads, clock, logger, onChange, pause = turnOfOthers } = ports;
  const states = new Map<Realm, Verified>();
  const closing = new AbortController();
  let underWay: Promise<void> = Promise.resolve();
  let isUnderWay = false;

  for (const desk of realms) {
    const { found, isWhole } = verifyAtStart(desk.dataFile, heads[desk.realm]);
    states.set(desk.realm, { found, progress: null });
    if (isWhole && holds(found) && isDue(desk)) note(desk, found);
  }

  function isDue({ settings }: VerifiedRealm): boolean {
    const lastMs = settings.get(VERIFIED, EpochMs);
    // One in the future was noted by a clock that was wrong.
    return lastMs === undefined || lastMs > clock.now() || clock.now() - lastMs >= WEEK_MS;
  }

  /** A log that was never begun leaves no trace of having been looked at. */
  function note({ settings }: VerifiedRealm, { size }: Verification): void {
    if (size > 0) settings.put(VERIFIED, clock.now());
  }

  /** Begins to verify what is due, one log after the other; does nothing while that is under way. */
  function look(): void {
    if (isUnderWay || closing.signal.aborted) return;
    isUnderWay = true;
    underWay = verifyDue().finally(() => {
      isUnderWay = false;
    });
  }

  async function verifyDue(): Promise<void> {
    for (const desk of realms) {
      // A log that does not hold is not asked again.
      if (!holds(stateOf(desk.realm).found) || !isDue(desk)) continue;
      try {
        await verifyWhole(desk);
      } catch (error) {
        logger.error({ realm: desk.realm, error: messageOf(error) }, 'the ledger could not be verified');
      }
    }
  }

  async function verifyWhole(desk: VerifiedRealm): Promise<void> {
    const before = stateOf(desk.realm);
    let toldAt = 0;
    try {
      // The head is read before the log: one that is kept meanwhile may cover what this moment of the log has not.
      const found = await inTurns(verifyDataFileSteps(desk.dataFile, desk.headKept()), {
        pause,
        signal: closing.signal,
        onStep(progress) {
          states.set(desk.realm, { found: before.found, progress });
          if (Math.abs(progress.done - toldAt) * 20 < progress.total) return;
          toldAt = progress.done;
          onChange();
        },
      });
      if (!found) return;
      states.set(desk.realm, { found, progress: null });
      if (holds(found)) note(desk, found);
      else logger.error({ realm: desk.realm, problems: found.problems }, 'the ledger does not hold');
      onChange();
    } finally {
      states.set(desk.realm, { ...stateOf(desk.realm), progress: null });
    }
  }

  function stateOf(realm: Realm): Verified {
    const state = states.get(realm);
    if (!state) throw new Error(`The log of ${realm} was not verified at start`);
    return state;
  }

  const stopLooking = clock.every(HOUR_MS, async () => look());

  return {
    stateOf,
    look,
    /** Resolves when nothing is under way. */
    settled: (): Promise<void> => underWay,
    async close(): Promise<void> {
      closing.abort();
      stopLooking();
      await underWay;
    },
  };
}

/** What is not signed yet is signed as soon as there is a key: nothing is wrong with it. */
const holds = ({ problems }: Verification): boolean => problems.every(({ how }) => how === 'unsigned');

const turnOfOthers = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
