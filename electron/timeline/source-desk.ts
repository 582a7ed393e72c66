import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { SourceStatus } from '../../shared/vocabulary/status.ts';
import type { Delivered } from '../connectors/delivered.ts';
import type { AlertSource, Connector, EndedAlert, Window } from '../connectors/source.ts';
import type { StandingAlerts } from '../connectors/standing-alerts.ts';
import type { Clock } from '../platform/clock.ts';
import { skewWorthTelling } from '../platform/clock-skew.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import { endedBeyond } from './ended-beyond.ts';
import { standingOf, standingWords } from './standing.ts';

/** Alerts are polled this often, so that a new one is an incident within seconds. */
const ALERT_PERIOD_MS = 3_000;
/** A source that hangs is named on its status within ten seconds: one period, and this. */
const TEST_PERIOD_MS = 4_000;
const READ_TIMEOUT_MS = 6_000;

/** What could not be read of the past is tried again so often. */
const AGAIN_PERIOD_MS = 15_000;
/** Before a sleep, what came last may not have been heard to its end. */
const SLEEP_OVERLAP_MS = 60_000;
/** For so long the status says that what was missed was read. */
const CAUGHT_UP_TOLD_MS = 5 * 60_000;

/** Alerts are read every few seconds; what fires for less than this between two looks is told by the next. */
const UNREAD_MS = 20_000;
/** So often it is put on record that they were. */
const LOOK_KEPT_MS = 15_000;
/** More of what was missed is not read. */
const MOST_UNREAD_MS = 24 * 3_600_000;
/** Whoever wakes the machine may come back to it later. */
const MISSED_TOLD_MS = 30 * 60_000;
/** For so long it is tried to read what was missed. */
const MISSED_TRIED_MS = 5 * 60_000;
/** As long as a server that was started again takes to evaluate its rules. */
const SETTLING_MS = 120_000;

/** Clocks differ a little; more than this is worth a word. */
const FUTURE_MS = 120_000;

export type SourceDeskPorts = {
  realm: Realm;
  clock: Clock;
  logger: Logger;
  /** Told of all that stands, at each poll. */
  onAlerts(connector: Connector, standing: StandingAlerts): Promise<void>;
  /** Told of alerts that fired and ended while their source was not read, before `onAlerts` of the same poll. */
  onMissed(connector: Connector, ended: EndedAlert[]): void;
  onObservations(observations: Delivered[]): void;
  onStatus(): void;
  /** When the alerts of a connection were last read, also before Countersign was started; absent where that is not kept. */
  looks?: { last(connection: string): number | null; keep(connection: string, atMs: number): void };
  /** How many times longer than usual a source may take to answer; 1 unless told otherwise. */
  patience?: number;
  /** Told of each connection as it is made. */
  onAttached(connector: Connector): void;
};
export type SourceDesk = ReturnType<typeof sourceDesk>;
/** What of a source can fail by itself; `answer` is of one that is only asked whether it answers. */
type Part = 'changes' | 'alerts' | 'answer';
type Attached = {
  connector: Connector;
  status: SourceStatus;
  /** About what it delivered last that is dated later than now. */
  ahead: string | null;
  /** What happened there and is not read yet: while the machine slept, or when it was asked and did not answer. */
  missed: (Window & { slept: boolean }) | null;
  isCatchingUp: boolean;
  /** That it was read, and until when that is said. */
  caughtUp: { sentence: string; untilMs: number } | null;
  /** When its alerts were read last, and the time in which they were not, as far as nothing is known of that yet. */
  alertsReadMs: number | null;
  unread: Window | null;
  /** What came of reading that afterwards, and until when it is said. */
  alertsMissed: { sentence: string; untilMs: number } | null;
  /** Why a part of it does not come. Only that part takes it back: what another delivers says nothing of it. */
  failing: Map<Part, string>;
  /** Why it could not be read when it was asked for what happened, until something is heard of it again. */
  unanswered: string | null;
  /** Said until it is known whether it answers, at first and after a sleep. */
  connecting: string | null;
  /** What is said of it while nothing fails, without what is odd. */
  words: string;
  stops: (() => void)[];
};

/**
 * The connected systems of one realm: polls their alerts, listens to their changes and knows which are down. A source
 * that fails says so and disturbs no other; what it delivered before stays.
 */
export function sourceDesk(ports: SourceDeskPorts) {
  const { clock, logger, patience = 1 } = ports;
  const soon = () => AbortSignal.timeout(READ_TIMEOUT_MS * patience);
  const attached = new Map<string, Attached>();

  function show(entry: Attached): void {
    const { state, words } = stateOf(entry);
    const health = entry.connector.health?.();
    const told = missedTold(entry);
    const { alertsMissed } = entry;
    const missed = alertsMissed !== null && clock.now() < alertsMissed.untilMs ? alertsMissed.sentence : null;
    const odd = [health?.sentence, entry.ahead, told, missed].filter((one) => typeof one === 'string');
    const sentence = state === 'up' && odd.length > 0 ? `${words}. ${odd.join(' ')}` : words;
    const skewMs = skewWorthTelling(health?.skewMs ?? null);
    const isNews = entry.status.state !== state || entry.status.sentence !== sentence;
    entry.status = { ...entry.status, state, sentence, skewMs };
    if (isNews) ports.onStatus();
  }

  /** Something came of it: it can be reached, whatever part of it fails. */
  function heard(entry: Attached): void {
    entry.unanswered = null;
    entry.connecting = null;
    entry.status = { ...entry.status, lastHeardMs: clock.now() };
    show(entry);
    // After a sleep the network often takes a while: what was missed is read as soon as the source answers.
    if (entry.missed?.slept) void catchUp(entry);
  }

  function works(entry: Attached, part: Part, words: string): void {
    entry.failing.delete(part);
    entry.words = words;
    heard(entry);
  }

  function fails(entry: Attached, part: Part, because: string): void {
    entry.failing.set(part, because);
    entry.connecting = null;
    show(entry);
  }

  function doesNotAnswer(entry: Attached, error: unknown): void {
    entry.unanswered = messageOf(error);
    entry.connecting = null;
    show(entry);
  }

  function missedTold({ missed, caughtUp }: Attached): string | null {
    if (missed !== null)
      return missed.slept
        ? `What happened while this machine slept, ${lengthOf(missed)}, is still to be read.`
        : `What it holds of the ${lengthOf(missed)} before is still to be read.`;
    return caughtUp !== null && clock.now() < caughtUp.untilMs ? caughtUp.sentence : null;
  }

  function miss(entry: Attached, { fromMs, toMs }: Window, slept: boolean): void {
    const before = entry.missed;
    entry.missed = {
      fromMs: Math.min(before?.fromMs ?? fromMs, fromMs),
      toMs,
      slept: slept || before?.slept === true,
    };
  }

  /** Reads what was missed, once; where it cannot be read now, again in a while and when the source is up again. */
  async function catchUp(entry: Attached): Promise<void> {
    const { missed, connector } = entry;
    if (missed === null || entry.isCatchingUp || !connector.changes) return;
    entry.isCatchingUp = true;
    try {
      const window = { fromMs: missed.fromMs - SLEEP_OVERLAP_MS, toMs: clock.now() };
      const found = await connector.changes.backfill(window, soon());
      if (attached.get(connector.id) !== entry) return;
      if (entry.missed === missed) entry.missed = null;
      const words = missed.slept ? 'happened while this machine slept' : 'it could not tell when asked';
      entry.caughtUp = {
        sentence: `What ${words}, ${lengthOf(missed)}, was read.`,
        untilMs: clock.now() + CAUGHT_UP_TOLD_MS,
      };
      ports.onObservations(found);
      heard(entry);
      const unsay = clock.every(CAUGHT_UP_TOLD_MS, async () => {
        unsay();
        if (attached.get(connector.id) === entry) show(entry);
      });
      entry.stops.push(unsay);
    } catch (error) {
      if (attached.get(connector.id) === entry) doesNotAnswer(entry, error);
    } finally {
      entry.isCatchingUp = false;
    }
  }

  async function attach(connector: Connector): Promise<void> {
    detach(connector.id);
    const { id, name, kind } = connector;
    const entry: Attached = {
      connector,
      status: {
        id,
        name,
        kind,
        realm: ports.realm,
        state: 'connecting',
        sentence: 'Connecting',
        lastHeardMs: null,
        skewMs: null,
      },
      ahead: null,
      missed: null,
      isCatchingUp: false,
      caughtUp: null,
      alertsReadMs: ports.looks?.last(id) ?? null,
      unread: null,
      alertsMissed: null,
      failing: new Map(),
      unanswered: null,
      connecting: 'Connecting',
      words: 'Delivers changes',
      stops: [],
    };
    attached.set(id, entry);
    ports.onStatus();
    ports.onAttached(connector);
    if (connector.changes) {
      entry.stops.push(listen(entry, connector.changes));
      entry.stops.push(clock.every(AGAIN_PERIOD_MS, () => catchUp(entry)));
    }
    const { alerts } = connector;
    if (alerts) {
      const look = oneAtATime(() => poll(entry, alerts));
      entry.stops.push(clock.every(ALERT_PERIOD_MS, look));
      if (alerts.onNews) entry.stops.push(alerts.onNews(() => void look()));
      await look();
    } else if (!connector.changes) {
      entry.stops.push(clock.every(TEST_PERIOD_MS, () => look(entry)));
      await look(entry);
    }
  }

  /** A fact from the future is shown where it says it is; that it says so is told, since nothing lines up with it. */
  function aheadOf(times: readonly number[]): string | null {
    const aheadMs = times.reduce((most, one) => Math.max(most, one), 0) - clock.now();
    if (aheadMs < FUTURE_MS) return null;
    return `It tells of something ${Math.round(aheadMs / 60_000)} min in the future: a clock there is wrong, or whoever wrote it.`;
  }

  /** A source that is only read when somebody wants to know is asked now and then whether it answers. */
  async function look(entry: Attached): Promise<void> {
    const { ok, sentence } = await entry.connector.test(soon());
    if (attached.get(entry.connector.id) !== entry) return;
    if (ok) works(entry, 'answer', sentence);
    else fails(entry, 'answer', sentence);
  }

  const listen = (entry: Attached, changes: NonNullable<Connector['changes']>) =>
    changes.stream({
      onObservations: (observations) => {
        entry.ahead = aheadOf(observations.map(({ atMs }) => atMs)) ?? entry.ahead;
        heard(entry);
        ports.onObservations(observations);
      },
      onState: (state) =>
        state.up
          ? works(entry, 'changes', delivering(state.unseen ?? []))
          : fails(entry, 'changes', state.because),
    });

  async function poll(entry: Attached, alerts: AlertSource): Promise<void> {
    const { connector } = entry;
    let standing: StandingAlerts;
    try {
      standing = await standingOf(alerts, soon());
    } catch (error) {
      logger.warn({ source: connector.id, error: messageOf(error) }, 'a source could not be read');
      if (attached.get(connector.id) === entry) fails(entry, 'alerts', messageOf(error));
      return;
    }
    if (attached.get(connector.id) !== entry) return;
    entry.ahead = aheadOf(standing.firing.map(({ startedMs }) => startedMs));
    await readUnread(entry, alerts, standing);
    if (attached.get(connector.id) !== entry) return;
    works(entry, 'alerts', standingWords(standing));
    try {
      await ports.onAlerts(connector, standing);
    } catch (error) {
      // Whoever was asked on the way may be closed by now, and nobody waits for an answer any more.
      if (attached.get(connector.id) === entry) throw error;
      logger.info({ source: connector.id, error: messageOf(error) }, 'a source was closed while it was read');
    }
    if (attached.get(connector.id) === entry) keepLook(entry, LOOK_KEPT_MS);
  }

  /** What is not read yet of the time before counts as not looked at. */
  function keepLook({ connector: { id }, alertsReadMs, unread }: Attached, everyMs: number): void {
    const readMs = unread?.fromMs ?? alertsReadMs;
    const keptMs = ports.looks?.last(id) ?? null;
    if (readMs !== null && (keptMs === null || readMs - keptMs >= everyMs)) ports.looks?.keep(id, readMs);
  }

  /**
   * After a time in which a source was not read, because the machine slept or nobody answered: what fired and ended in it.
   * A drill has its own time, which runs as fast as one likes.
   */
  async function readUnread(entry: Attached, alerts: AlertSource, standing: StandingAlerts): Promise<void> {
    const nowMs = clock.now();
    const { alertsReadMs, connector } = entry;
    entry.alertsReadMs = nowMs;
    if (ports.realm === 'real' && alertsReadMs !== null && nowMs - alertsReadMs >= UNREAD_MS) {
      const fromMs = Math.max(entry.unread?.fromMs ?? alertsReadMs, nowMs - MOST_UNREAD_MS);
      entry.unread = { fromMs, toMs: nowMs };
    }
    const { unread } = entry;
    if (unread === null || isSettling(standing, unread, nowMs)) return;
    const tell = (sentence: string) => {
      entry.unread = null;
      entry.alertsMissed = { sentence, untilMs: nowMs + MISSED_TOLD_MS };
    };
    const length = lengthOf(unread);
    if (!alerts.ended)
      return tell(
        `Alerts that fired and ended in the ${length} in which it was not read are not kept there.`,
      );
    try {
      const window = { fromMs: unread.fromMs, toMs: nowMs };
      const ended = await alerts.ended(window, soon());
      const isOver = (one: EndedAlert) => !stands(one, standing);
      const over = ended.filter(isOver);
      if (attached.get(connector.id) !== entry) return;
      ports.onMissed(connector, endedBeyond(over, standing.firing));
      tell(missedWords(over, length));
    } catch (error) {
      logger.warn({ source: connector.id, error: messageOf(error) }, 'ended alerts could not be read');
      if (nowMs - unread.toMs > MISSED_TRIED_MS)
        tell(
          `Which alerts fired and ended in the ${length} in which it was not read is not known: ${messageOf(error)}`,
        );
    }
  }

  function detach(id: string): void {
    const entry = attached.get(id);
    if (!entry) return;
    attached.delete(id);
    keepLook(entry, 0);
    for (const stop of entry.stops) stop();
    ports.onStatus();
  }

  /**
   * Everything the connected systems still hold of a window. One that fails is down and the others count; what it holds is
   * told as observations once it can be read.
   */
  async function backfill(window: Window): Promise<Delivered[]> {
    const found = await Promise.all(
      [...attached.values()].map(async (entry) => {
        const { changes } = entry.connector;
        if (!changes) return [];
        try {
          const facts = await changes.backfill(window, soon());
          if (entry.unanswered !== null) heard(entry);
          return facts;
        } catch (error) {
          miss(entry, window, false);
          doesNotAnswer(entry, error);
          return [];
        }
      }),
    );
    return found.flat();
  }

  return {
    attach,
    detach,
    backfill,
    /** The machine slept: whatever the sources still hold of that time is read. */
    wake(slept: Window): void {
      for (const entry of attached.values()) {
        if (!entry.connector.changes) continue;
        miss(entry, slept, true);
        entry.connecting = 'Connecting again';
        show(entry);
        void catchUp(entry);
      }
    },
    connectors: (): Connector[] => [...attached.values()].map(({ connector }) => connector),
    find: (id: string): Connector | undefined => attached.get(id)?.connector,
    statuses: (): SourceStatus[] => [...attached.values()].map(({ status }) => status),
    close(): void {
      for (const id of [...attached.keys()]) detach(id);
    },
  };
}

/** For all the reasons there are: whoever mends one learns what is left. */
function stateOf({ connecting, failing, unanswered, words }: Attached): Pick<SourceStatus, 'state'> & {
  words: string;
} {
  if (connecting !== null) return { state: 'connecting', words: connecting };
  const reasons = [...new Set([...failing.values(), ...(unanswered === null ? [] : [unanswered])])];
  return reasons.length > 0 ? { state: 'down', words: reasons.join('; ') } : { state: 'up', words };
}

/** A process that was started meanwhile may not have evaluated its rules yet: what is missing may go on. */
const isSettling = ({ isRestarting, runningSinceMs }: StandingAlerts, { fromMs }: Window, nowMs: number) =>
  isRestarting ||
  (runningSinceMs !== null && runningSinceMs > fromMs && nowMs - runningSinceMs < SETTLING_MS);

/** Whether an alert that was read as ended is told as standing all the same. */
const stands = ({ fingerprint, endedMs }: EndedAlert, { firing, quiet, pending }: StandingAlerts): boolean =>
  pending.includes(fingerprint) ||
  [...firing, ...(quiet ?? [])].some((one) => one.fingerprint === fingerprint && one.startedMs <= endedMs);

/** Such as "2 alerts fired and ended in the 42 min in which it was not read: HighErrorRate of checkout 03:12 to 03:20 UTC, …". */
function missedWords(ended: readonly EndedAlert[], length: string): string {
  const [first, ...more] = ended;
  const when = `in the ${length} in which it was not read`;
  if (!first) return `No alert fired and ended ${when}.`;
  const minute = (atMs: number) => new Date(atMs).toISOString().slice(11, 16);
  const of = first.service === null ? '' : ` of ${first.service}`;
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  return `${ended.length} ${ended.length === 1 ? 'alert' : 'alerts'} fired and ended ${when}: ${first.name}${of} ${minute(first.startedMs)} to ${minute(first.endedMs)} UTC${others}.`;
}

/** What these credentials may not see is named, so that nobody takes silence for calm. */
const delivering = (unseen: readonly string[]): string =>
  unseen.length === 0
    ? 'Delivers changes'
    : `Delivers changes, but does not see ${unseen.join(', ')}: not served there, or not allowed to these credentials`;

const lengthOf = ({ fromMs, toMs }: Window): string => {
  const minutes = Math.max(1, Math.round((toMs - fromMs) / 60_000));
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
};

/** Runs a task again where it is wanted while it is under way, and never twice at a time. */
function oneAtATime(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let isWanted = false;
  const run = async (): Promise<void> => {
    do {
      isWanted = false;
      await task();
    } while (isWanted);
  };
  return () => {
    isWanted = true;
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };
}
