import { z } from 'zod';
import type { Alert } from '../alert.ts';
import { fingerprintOf } from '../alert-labels.ts';
import { groupWords, toldAlert } from '../told-alert.ts';
import type { Message } from './cloud-event.ts';
import { holding } from './holding.ts';
import { jsonIn } from './json-in.ts';
import { Refusal } from './refusal.ts';

/** The webhook of Alertmanager, version 4 (prometheus.io/docs/alerting, "webhook_config"). */
const Labels = z.record(z.string().max(1_000), z.string().max(16_000));
const Time = z.iso.datetime({ offset: true });
const WebhookAlert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Labels,
  annotations: Labels,
  startsAt: Time,
  endsAt: z.string().max(100).optional(),
  generatorURL: z.string().max(16_000).optional(),
});
const Webhook = z.object({
  version: z.literal('4'),
  groupLabels: Labels,
  alerts: z.array(WebhookAlert),
});

/** As many as one group holds in the worst hour. */
const MOST_ALERTS = 2_000;

/** `endedMs` is when an alert that fires no more ended, where that is told. */
export type AlertNotice = { firing: boolean; alert: Alert; endedMs?: number };

/** The alerts of one notification. @throws Refusal naming what does not hold. */
export function alertsIn({ body }: Pick<Message, 'body'>): AlertNotice[] {
  const { groupLabels, alerts } = holding(Webhook, jsonIn(body, 'The body'), '');
  if (alerts.length > MOST_ALERTS)
    throw new Refusal(
      413,
      `Send at most ${MOST_ALERTS} alerts at once: set max_alerts of the webhook, or group by more labels.`,
    );
  const group = groupWords(groupLabels);
  return alerts.map(({ status, ...told }) => ({
    firing: status === 'firing',
    ...(status === 'resolved' ? endOf(told) : {}),
    // Made of the labels and not taken from the sender, so that it is the one that a look at Alertmanager tells.
    alert: toldAlert({ ...told, fingerprint: fingerprintOf(told.labels) }, [group]),
  }));
}

/** An alert is told to be over minutes after it was, as often as its group is sent. Of one that fires, the end is a guess. */
function endOf({ startsAt, endsAt }: { startsAt: string; endsAt?: string | undefined }) {
  const endedMs = Time.safeParse(endsAt).success ? Date.parse(endsAt ?? '') : Number.NaN;
  // One that has not ended has the year 1 there.
  return endedMs >= Date.parse(startsAt) ? { endedMs } : {};
}
