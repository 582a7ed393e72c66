import type { AlertSource } from '../connectors/source.ts';
import type { Quiet, StandingAlerts } from '../connectors/standing-alerts.ts';

/** What stands, of a source that may know no more than what fires. */
export const standingOf = async (source: AlertSource, signal: AbortSignal): Promise<StandingAlerts> =>
  (await source.standing?.(signal)) ?? {
    firing: await source.firing(signal),
    quiet: null,
    pending: [],
    runningSinceMs: null,
    isRestarting: false,
  };

/** Such as "silenced by a.novak until 2026-03-01 12:00 UTC (known, ticket 4711)". */
export function quietWords(quiet: Quiet): string {
  switch (quiet.kind) {
    case 'silenced': {
      const until = quiet.untilMs === null ? '' : ` until ${minuteOf(quiet.untilMs)}`;
      return `silenced by ${quiet.by || 'somebody'}${until}${quiet.comment ? ` (${quiet.comment})` : ''}`;
    }
    case 'inhibited':
      return `inhibited by ${quiet.by ?? 'another alert'}`;
    case 'muted':
      return `muted by the time interval ${quiet.by}`;
  }
}

const minuteOf = (atMs: number) => `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The sentence of a source's status. */
export function standingWords({ firing, quiet }: StandingAlerts): string {
  const groups = new Set(firing.flatMap((alert) => alert.groups ?? [])).size;
  const inGroups = groups > 0 ? ` in ${groups} ${groups === 1 ? 'group' : 'groups'}` : '';
  const fires =
    firing.length === 1 ? `1 alert is firing${inGroups}` : `${firing.length} alerts are firing${inGroups}`;
  const [first, ...more] = quiet ?? [];
  if (!first) return fires;
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  return `${fires}; kept quiet: ${first.name}, ${quietWords(first.quiet)}${others}`;
}
