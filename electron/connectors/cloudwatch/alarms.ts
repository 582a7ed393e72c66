import { createHash } from 'node:crypto';
import { z } from 'zod';
import { bounded } from '../bounded.ts';
import type { CloudAlarm } from '../inspection.ts';
import type { Alert } from '../source.ts';
import { serviceOf } from './service-of.ts';

/** A metric or composite alarm, as far as it is read; the rest stays as it was sent, since it is kept as evidence. */
const Alarm = z.looseObject({
  AlarmName: z.string().min(1),
  AlarmArn: z.string().min(1),
  AlarmDescription: z.string().nullish(),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  StateReason: z.string().nullish(),
  StateUpdatedTimestamp: z.date(),
  StateTransitionedTimestamp: z.date().nullish(),
  Namespace: z.string().nullish(),
  MetricName: z.string().nullish(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).nullish(),
  AlarmRule: z.string().nullish(),
});
type Alarm = z.infer<typeof Alarm>;
export const Alarms = z.array(Alarm);

const states = { OK: 'ok', ALARM: 'alarm', INSUFFICIENT_DATA: 'insufficient-data' } as const;

export const cloudAlarmOf = (region: string, alarm: Alarm): CloudAlarm => ({
  region,
  name: alarm.AlarmName,
  state: states[alarm.StateValue],
  sinceMs: sinceMs(alarm),
  reason: bounded(alarm.StateReason ?? '', 1_000),
});

/** An alarm has a name and no severity, so that is taken from what people write into names. */
export function alertOf(region: string, alarm: Alarm): Alert {
  const dimensions = dimensionsOf(alarm);
  return {
    fingerprint: createHash('sha256').update(alarm.AlarmArn).digest('hex').slice(0, 16),
    name: alarm.AlarmName,
    severity: severityIn(`${alarm.AlarmName} ${alarm.AlarmDescription ?? ''}`),
    service: serviceOf(dimensions),
    labels: {
      ...dimensions,
      alertname: alarm.AlarmName,
      region,
      ...(alarm.Namespace ? { namespace_name: alarm.Namespace } : {}),
      ...(alarm.MetricName ? { metric: alarm.MetricName } : {}),
    },
    summary: bounded(
      alarm.AlarmDescription?.trim() || `${alarm.AlarmName}: ${alarm.StateReason ?? 'in alarm'}`,
      500,
    ),
    startedMs: sinceMs(alarm),
    raw: JSON.stringify(alarm),
  };
}

const sinceMs = ({ StateTransitionedTimestamp, StateUpdatedTimestamp }: Alarm): number =>
  (StateTransitionedTimestamp ?? StateUpdatedTimestamp).getTime();

const dimensionsOf = ({ Dimensions }: Alarm): Record<string, string> =>
  Object.fromEntries((Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));

/** `_` belongs to words in patterns, and between words in names. */
export function severityIn(text: string): Alert['severity'] {
  const words = text.toLowerCase().split(/[^a-z0-9]+/);
  if (words.some((word) => /^(critical|page|pager|sev1|p1|urgent)$/.test(word))) return 'critical';
  return words.some((word) => /^(info|informational|low|sev[345]|p[345])$/.test(word)) ? 'info' : 'warning';
}
