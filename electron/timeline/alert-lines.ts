import type { Alert, StartOf } from '../connectors/alert.ts';
import { boundedKey } from '../platform/bounded-key.ts';

/** One connection's word that an alert fires: since when, as it counts; `startOf` is null where that is not known. */
export type Telling = { source: string; fingerprint: string; startOf: StartOf | null; startedMs: number };

/**
 * A line of an alert as it stands: whoever told it, when it was told to be over, and how long after its condition began to
 * hold it fires at most, as far as its rule says.
 */
export type AlertLine = {
  tellings: readonly Telling[];
  endedMs: number | null;
  firesWithinMs: number | null;
};

/** What a source says of the alert when it is asked now: since when it stands there, or null. */
export type Word = number | null;

/** Where no rule says it: conditions that must hold for longer before their alert fires are rare. */
const MOST_FOR_MS = 3_600_000;
/** Alertmanager tells of an alert that it hears nothing more of for as long as this after its end. */
const LAG_MS = 5 * 60_000;

/**
 * Whether what is told now is the firing of a line. A firing has one start as conditions are counted and one as firings
 * are: whoever counts alike agrees to the millisecond or tells of another one, be it the same alert once more or that of
 * another system with the same labels. Of those who count differently it is the same where the alert began to fire while
 * its condition held. In doubt it is another: a line too many is seen, one that is missing is not.
 */
export function isSameFiring(
  line: AlertLine,
  told: Telling & { toldMs: number; runningSinceMs: number | null },
  wordOf: (telling: Telling) => Word,
): boolean {
  // What a source tells apart is two, though it be sent on as one.
  const { source, fingerprint } = told;
  if (line.tellings.some((one) => one.source === source && one.fingerprint !== fingerprint)) return false;
  const alike = line.tellings.filter(({ startOf }) => startOf === told.startOf);
  const isEqual = ({ startedMs }: Telling) => startedMs === told.startedMs;
  if (alike.length > 0) return alike.some(isEqual);
  if (line.tellings.some(isEqual)) return true;
  const others = line.tellings.filter(({ startOf }) => startOf !== null);
  const [other] = others;
  if (told.startOf === null || !other) return false;
  const { endedMs } = line;
  // Who says that it fires, long after it was over, tells something new.
  if (endedMs !== null && told.toldMs - endedMs > LAG_MS) return false;
  if (told.startOf === 'condition')
    return told.startedMs <= other.startedMs || (endedMs === null && isDatedAnew(told, other, wordOf));

  if (told.startedMs < other.startedMs) return false;
  const stands = others.flatMap((one) => wordOf(one) ?? []);
  if (stands.some((sinceMs) => sinceMs > other.startedMs && sinceMs <= told.startedMs)) return false;
  if (endedMs !== null && told.startedMs > endedMs) return false;
  const firesWithinMs = line.firesWithinMs ?? MOST_FOR_MS;
  return stands.includes(other.startedMs) || told.startedMs - other.startedMs <= firesWithinMs;
}

/**
 * A process that was started again may date anew what it did not remember. Who was told of it before, and says that it stands
 * since then without a break, knows better.
 */
const isDatedAnew = (
  { startedMs, runningSinceMs }: Telling & { runningSinceMs: number | null },
  other: Telling,
  wordOf: (telling: Telling) => Word,
): boolean =>
  runningSinceMs !== null &&
  runningSinceMs > other.startedMs &&
  startedMs >= runningSinceMs &&
  wordOf(other) === other.startedMs;

/** The fingerprints under which an alert is known to whomever its source sends it to. */
export const fingerprintsBeyond = ({
  fingerprint,
  sentAs,
}: Pick<Alert, 'fingerprint' | 'sentAs'>): readonly string[] => sentAs ?? [fingerprint];

/** Under which a line stands: by who told it first, and since when. */
export const alertKey = (source: string, fingerprint: string, startedMs: number): string =>
  `alert:${source}:${fingerprint}:${startedMs}`;

/** The parts of such a key; null for the key of anything else, such as its end or its metrics. */
export function alertKeyParts(
  key: string,
): { source: string; fingerprint: string; startedMs: number } | null {
  const [, source, fingerprint, startedMs] = /^alert:(.+):([0-9a-f]{16}):(\d{1,15})$/.exec(key) ?? [];
  if (source === undefined || fingerprint === undefined) return null;
  return { source, fingerprint, startedMs: Number(startedMs) };
}

export const endKey = (key: string): string => boundedKey(`${key}:resolved`);
