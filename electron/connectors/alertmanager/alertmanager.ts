import { z } from 'zod';
import { Failure, messageOf } from '../../platform/failure.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import { type Http, httpClient } from '../../platform/http.ts';
import { nameOf, serviceOf, severityOf, summaryOf } from '../alert-labels.ts';
import { alertQuery } from '../alert-query.ts';
import type { Alert, Connector } from '../source.ts';

export type AlertmanagerOptions = {
  id: string;
  name: string;
  url: string;
  /** The whole Authorization header, or null. */
  authorization: string | null;
  /** Hosts that the envelope refuses. */
  refuses?: Refuses | undefined;
  timeoutMs?: number;
};

/** The v2 API (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml), as far as it is read. */
const Labels = z.record(z.string(), z.string());
const ActiveAlert = z.object({
  fingerprint: z.string().min(1),
  labels: Labels,
  annotations: Labels,
  startsAt: z.iso.datetime({ offset: true }),
  generatorURL: z.string().optional(),
});
const Status = z.object({
  versionInfo: z.object({ version: z.string() }),
  cluster: z.object({ status: z.string() }).optional(),
});

/** Alerts that fire and that nobody has silenced or inhibited. It only reads. */
export function alertmanager({ id, name, ...connection }: AlertmanagerOptions): Connector {
  const http = httpClient({ system: 'Alertmanager', ...connection });
  return {
    id,
    kind: 'alertmanager',
    name,
    alerts: { firing: (signal) => firingAlerts(http, signal) },
    test: (signal) => testConnection(http, signal),
  };
}

async function firingAlerts(http: Http, signal: AbortSignal): Promise<Alert[]> {
  const only = { active: true, silenced: false, inhibited: false, unprocessed: false };
  const reply = await http.getJson('api/v2/alerts', only, signal);
  return understood(z.array(ActiveAlert), reply).map(toAlert);
}

function toAlert({
  fingerprint,
  labels,
  annotations,
  startsAt,
  generatorURL,
}: z.infer<typeof ActiveAlert>): Alert {
  const expression = expressionIn(generatorURL ?? '');
  return {
    fingerprint,
    name: nameOf(labels),
    severity: severityOf(labels),
    service: serviceOf(labels),
    labels,
    summary: summaryOf(labels, annotations),
    startedMs: Date.parse(startsAt),
    ...(expression ? { query: alertQuery(expression) } : {}),
  };
}

/** Prometheus links an alert to its expression; whoever else sends alerts links to something else, or to nothing. */
function expressionIn(link: string): string | null {
  return URL.canParse(link) ? new URL(link).searchParams.get('g0.expr') : null;
}

async function testConnection(http: Http, signal: AbortSignal): ReturnType<Connector['test']> {
  const startedMs = performance.now();
  try {
    const { versionInfo, cluster } = understood(Status, await http.getJson('api/v2/status', {}, signal));
    const latencyMs = Math.round(performance.now() - startedMs);
    const firing = await firingAlerts(http, signal);
    return {
      ok: true,
      sentence: `Alertmanager ${versionInfo.version} answers${cluster?.status === 'settling' ? ', its cluster is still settling' : ''}.`,
      version: versionInfo.version,
      latencyMs,
      sees: [`${firing.length} firing ${firing.length === 1 ? 'alert' : 'alerts'}`],
    };
  } catch (error) {
    return { ok: false, sentence: messageOf(error), version: null, latencyMs: null, sees: [] };
  }
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
