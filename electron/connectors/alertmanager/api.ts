import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import type { Http } from '../../platform/http.ts';
import { isNotTold } from '../not-told.ts';

/** The v2 API (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml), as far as it is read. */
const Labels = z.record(z.string(), z.string());
const Time = z.iso.datetime({ offset: true });
/** As it was sent, since it is kept as evidence. */
const ListedAlert = z.looseObject({
  fingerprint: z.string().min(1),
  labels: Labels,
  annotations: Labels,
  startsAt: Time,
  generatorURL: z.string().optional(),
  status: z.object({
    /** `unprocessed`: not yet held against silences and inhibitions. */
    state: z.enum(['unprocessed', 'active', 'suppressed']),
    silencedBy: z.array(z.string()),
    inhibitedBy: z.array(z.string()),
    /** Names of time intervals; since 0.28. */
    mutedBy: z.array(z.string()).optional(),
  }),
});
export type ListedAlert = z.infer<typeof ListedAlert>;
const Silence = z.object({ id: z.string(), createdBy: z.string(), comment: z.string(), endsAt: Time });
export type Silence = z.infer<typeof Silence>;
const Group = z.object({ labels: Labels, alerts: z.array(z.object({ fingerprint: z.string() })) });
export type Group = z.infer<typeof Group>;
const Status = z.object({
  versionInfo: z.object({ version: z.string() }),
  uptime: Time,
  cluster: z.object({ status: z.string() }).optional(),
});

export type AlertmanagerApi = ReturnType<typeof alertmanagerApi>;

export function alertmanagerApi(http: Http) {
  const ask = async <Data>(schema: z.ZodType<Data>, path: string, signal: AbortSignal): Promise<Data> =>
    understood(schema, await http.getJson(`api/v2/${path}`, {}, signal));
  const status = (signal: AbortSignal) => ask(Status, 'status', signal);

  return {
    status,
    /** Everything that it holds, whatever its state. */
    alerts: (signal: AbortSignal) => ask(z.array(ListedAlert), 'alerts', signal),
    silences: (signal: AbortSignal) => ask(z.array(Silence), 'silences', signal),
    groups: (signal: AbortSignal) => ask(z.array(Group), 'alerts/groups', signal),

    /** Since when it runs, or null where whoever stands before it does not let that be asked. */
    async runningSince(signal: AbortSignal): Promise<number | null> {
      try {
        return Date.parse((await status(signal)).uptime);
      } catch (error) {
        if (isNotTold(error)) return null;
        throw error;
      }
    },
  };
}

function understood<Data>(schema: z.ZodType<Data>, reply: unknown): Data {
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'bad_reply',
    'The reply is not one that Alertmanager gives to this question. Is the address that of Alertmanager (0.16 or later)?',
    parsed.error,
  );
}
