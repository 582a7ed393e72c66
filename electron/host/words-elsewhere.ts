import type { Alert, Connector } from '../connectors/source.ts';
import { Failure } from '../platform/failure.ts';
import type { AlertBook } from '../timeline/alert-book.ts';
import type { Telling, Word } from '../timeline/alert-lines.ts';
import { standingOf } from '../timeline/standing.ts';
import type { AlertArrivals } from './alert-arrivals.ts';

const ASK_TIMEOUT_MS = 3_000;

/** A process that runs for longer remembers all that it told. */
const LATELY_MS = 24 * 3_600_000;

/** What those who date alerts otherwise say of one that they told. */
export type WordOf = (telling: Pick<Telling, 'source' | 'fingerprint'>) => Word;

/**
 * An Alertmanager does not know since when the condition of an alert holds. Before an alert is taken as new from a source
 * that dates firings, those that date conditions are asked since when it stands there; and the other way round where an
 * alert is as young as its process, which may have forgotten since when it holds. One that does not answer says nothing.
 * They say as well under which labels it was sent on, which tells whose it is.
 */
export function wordsElsewhere({
  connectors,
  book,
  arrivals,
}: {
  connectors: () => readonly Connector[];
  book: Pick<AlertBook, 'asFirstTold'>;
  arrivals: Pick<AlertArrivals, 'note'>;
}) {
  /** What stands there; nothing where nobody answers. */
  async function asked({ alerts }: Connector): Promise<Alert[]> {
    try {
      if (!alerts) return [];
      return (await standingOf(alerts, AbortSignal.timeout(ASK_TIMEOUT_MS))).firing;
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  }

  return async (
    connector: Connector,
    fresh: readonly Alert[],
    { runningSinceMs, nowMs }: { runningSinceMs: number | null; nowMs: number },
  ): Promise<WordOf> => {
    const ownStartOf = connector.alerts?.startOf;
    const isYoung = ({ startedMs }: Alert) =>
      runningSinceMs !== null && startedMs >= runningSinceMs && nowMs - runningSinceMs < LATELY_MS;
    if (ownStartOf === undefined || !fresh.some((alert) => ownStartOf === 'firing' || isYoung(alert)))
      return () => null;
    const others = connectors().filter(
      ({ id, alerts }) =>
        id !== connector.id && alerts?.startOf !== undefined && alerts.startOf !== ownStartOf,
    );
    const standing = await Promise.all(
      others.map(async (one) => {
        const told = await asked(one);
        for (const alert of told) arrivals.note(one.id, alert);
        const firing = told.map((alert) => book.asFirstTold(one.id, alert));
        return [one.id, new Map(firing.map((alert) => [alert.fingerprint, alert.startedMs]))] as const;
      }),
    );
    const stands = new Map(standing);
    return ({ source, fingerprint }) => stands.get(source)?.get(fingerprint) ?? null;
  };
}
