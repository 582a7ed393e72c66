import { z } from 'zod';
import type { StandingAlerts } from '../../connectors/standing-alerts.ts';
import { Failure } from '../../platform/failure.ts';
import { quietWords, standingOf } from '../../timeline/standing.ts';
import { readTool } from './read-tool.ts';
import { iso } from './time-span.ts';

const MOST_ALERTS = 60;

export const listAlerts = readTool({
  name: 'list_alerts',
  purpose:
    'List the alerts that fire at this moment, longest first, with their expressions and groups; quiet tells which are silenced or inhibited, and by whom.',
  source: 'alerts',
  outsider: ['alerts.*.summary', 'alerts.*.labels', 'alerts.*.quiet', 'alerts.*.groups'],
  input: z.strictObject({ service: z.string().optional() }),
  output: z.object({
    alerts: z.array(
      z.object({
        name: z.string(),
        severity: z.string(),
        service: z.string().nullable(),
        since: z.iso.datetime(),
        summary: z.string(),
        labels: z.record(z.string(), z.string()),
        expression: z.string().nullable(),
        threshold: z.number().nullable(),
        /** Why nobody is called for it, where that is so. */
        quiet: z.string().nullable(),
        groups: z.array(z.string()),
        connection: z.string(),
      }),
    ),
    omitted: z.number(),
    /** Connections that could not be asked: what fires there is not known. */
    unread: z.array(z.object({ connection: z.string(), because: z.string() })),
  }),
  async run({ service }, { systems }, signal) {
    const connected = systems.alerts();
    if (connected.length === 0)
      throw new Failure('not_found', 'Nothing is connected that tells of alerts: connect it in Settings');
    const asked = await Promise.allSettled(connected.map(({ reader }) => standingOf(reader, signal)));
    signal.throwIfAborted();
    const unread = asked.flatMap((answer, at) =>
      answer.status === 'rejected'
        ? [{ connection: connected[at]?.id ?? '', because: sentenceOf(answer.reason) }]
        : [],
    );
    const firing = asked
      .flatMap((answer, at) =>
        answer.status === 'fulfilled'
          ? bothOf(answer.value).map((alert) => ({ ...alert, connection: connected[at]?.id ?? '' }))
          : [],
      )
      .filter((alert) => service === undefined || alert.service === service)
      .sort((a, b) => a.startedMs - b.startedMs);
    return {
      alerts: firing
        .slice(0, MOST_ALERTS)
        .map(({ query, startedMs, fingerprint: _own, sentAs: _sent, groups, ...alert }) => ({
          ...alert,
          groups: groups ?? [],
          since: iso(startedMs),
          expression: query?.expression ?? null,
          threshold: query?.threshold ?? null,
        })),
      omitted: Math.max(0, firing.length - MOST_ALERTS),
      unread,
    };
  },
  found: ({ alerts, omitted, unread }) =>
    `${alerts.length + omitted} firing${unread.length > 0 ? `, ${unread.length} connections not read` : ''}`,
});

const bothOf = ({ firing, quiet }: StandingAlerts) => [
  ...firing.map((alert) => ({ ...alert, quiet: null })),
  ...(quiet ?? []).map((alert) => ({ ...alert, quiet: quietWords(alert.quiet) })),
];

function sentenceOf(error: unknown): string {
  if (error instanceof Failure) return error.message;
  throw error;
}
