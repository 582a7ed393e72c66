import type { Alert, Connector } from '../connectors/source.ts';
import type { QuietAlert, StandingAlerts } from '../connectors/standing-alerts.ts';
import { Failure } from '../platform/failure.ts';
import { fingerprintsBeyond } from '../timeline/alert-lines.ts';

const ASK_TIMEOUT_MS = 3_000;

/**
 * A Prometheus does not know what its Alertmanager keeps quiet. Before an alert is taken as new from a source that knows
 * nothing of silences, the sources that do are asked about it, since one of them may have been told of it a moment ago.
 * One that does not answer keeps nothing quiet: in doubt an incident is opened.
 */
export function keptQuietElsewhere(connectors: () => readonly Connector[]) {
  async function asked({ alerts }: Connector): Promise<QuietAlert[]> {
    try {
      return (await alerts?.standing?.(AbortSignal.timeout(ASK_TIMEOUT_MS)))?.quiet ?? [];
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  }

  return async (
    connector: Connector,
    standing: StandingAlerts,
    fresh: readonly Alert[],
  ): Promise<StandingAlerts> => {
    if (standing.quiet !== null || fresh.length === 0) return standing;
    const others = connectors().filter(({ id, kind }) => id !== connector.id && kind === 'alertmanager');
    const found = (await Promise.all(others.map(asked))).flat();
    const elsewhere = new Map(found.map((alert) => [alert.fingerprint, alert.quiet]));
    const isNew = new Set(fresh.map(({ fingerprint }) => fingerprint));
    const quietBy = (alert: Alert) =>
      isNew.has(alert.fingerprint)
        ? fingerprintsBeyond(alert)
            .map((arrived) => elsewhere.get(arrived))
            .find((quiet) => quiet !== undefined)
        : undefined;
    return {
      ...standing,
      firing: standing.firing.filter((alert) => quietBy(alert) === undefined),
      quiet: standing.firing.flatMap((alert) => {
        const quiet = quietBy(alert);
        return quiet === undefined ? [] : [{ ...alert, quiet }];
      }),
    };
  };
}
