import type { Alert, EndedAlert } from '../connectors/source.ts';
import { fingerprintsBeyond } from './alert-lines.ts';

/**
 * Alerts that ended, of which those are not said to have ended beyond their source that last there: several of a source may
 * arrive at an Alertmanager as one, which is over with the last of them.
 */
export function endedBeyond(ended: readonly EndedAlert[], standing: readonly Alert[]): EndedAlert[] {
  const lasting = new Map<string, Lasting[]>();
  for (const one of [
    ...ended,
    ...standing.map((alert) => ({ ...alert, endedMs: Number.POSITIVE_INFINITY })),
  ]) {
    const { fingerprint, startedMs, endedMs } = one;
    for (const arrived of fingerprintsBeyond(one)) {
      const some = lasting.get(arrived) ?? [];
      some.push({ fingerprint, startedMs, endedMs });
      lasting.set(arrived, some);
    }
  }
  return ended.map((alert) => {
    const lastsLonger = (arrived: string) =>
      (lasting.get(arrived) ?? []).some(
        ({ fingerprint, startedMs, endedMs }) =>
          fingerprint !== alert.fingerprint && startedMs <= alert.endedMs && endedMs > alert.endedMs,
      );
    const arrived = fingerprintsBeyond(alert);
    const over = arrived.filter((one) => !lastsLonger(one));
    return over.length === arrived.length ? alert : { ...alert, sentAs: over };
  });
}

type Lasting = Pick<EndedAlert, 'fingerprint' | 'startedMs' | 'endedMs'>;
