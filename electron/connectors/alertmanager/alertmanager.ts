import { messageOf } from '../../platform/failure.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import { type HttpOptions, httpClient } from '../../platform/http.ts';
import { nameOf } from '../alert-labels.ts';
import { bounded } from '../bounded.ts';
import { isNotTold } from '../not-told.ts';
import type { Alert, Connector } from '../source.ts';
import { ofOneProcess, type QuietAlert } from '../standing-alerts.ts';
import { groupWords, toldAlert } from '../told-alert.ts';
import { withSkew } from '../with-skew.ts';
import { type AlertmanagerApi, alertmanagerApi, type Group, type ListedAlert, type Silence } from './api.ts';
import { description } from './description.ts';

export type AlertmanagerOptions = Pick<HttpOptions, 'tenant' | 'tls' | 'maxBytes'> & {
  id: string;
  name: string;
  url: string;
  /** The whole Authorization header, or null. */
  authorization: string | null;
  /** Hosts that the envelope refuses. */
  refuses?: Refuses | undefined;
  timeoutMs?: number;
};

/** Alerts that fire, how they are grouped, and which of them are silenced, inhibited or muted. It only reads. */
export function alertmanager({ id, name, ...connection }: AlertmanagerOptions): Connector {
  const http = httpClient({ system: 'Alertmanager', ...connection });
  const api = alertmanagerApi(http);
  const connector: Connector = {
    id,
    kind: 'alertmanager',
    name,
    describe: () => description,
    alerts: {
      startOf: 'firing',
      firing: async (signal) => (await listed(api, signal)).firing,
      standing: (signal) =>
        ofOneProcess(
          () => api.runningSince(signal),
          () => listed(api, signal),
        ),
    },
    test: (signal) => testConnection(api, signal),
  };
  return withSkew(connector, 'Alertmanager', http.skewMs);
}

type Listed = { firing: Alert[]; quiet: QuietAlert[]; pending: string[] };

/** All of one answer, so that an alert is neither in two states nor in none. */
async function listed(api: AlertmanagerApi, signal: AbortSignal): Promise<Listed> {
  const all = await api.alerts(signal);
  const groups = all.length === 0 ? new Map<string, string[]>() : groupsOf(await orNone(api.groups(signal)));
  const isSilenced = all.some(({ status }) => status.silencedBy.length > 0);
  const silences = isSilenced ? await orNone(api.silences(signal)) : [];
  const found: Listed = { firing: [], quiet: [], pending: [] };
  for (const one of all) {
    const alert = toldAlert(one, groups.get(one.fingerprint) ?? []);
    switch (one.status.state) {
      case 'active':
        found.firing.push(alert);
        break;
      case 'suppressed':
        found.quiet.push({ ...alert, quiet: quietOf(one, all, silences) });
        break;
      case 'unprocessed':
        found.pending.push(one.fingerprint);
        break;
    }
  }
  return found;
}

/** An alert is worth having without its group and without the name of who silenced it. */
async function orNone<One>(asked: Promise<One[]>): Promise<One[]> {
  try {
    return await asked;
  } catch (error) {
    if (isNotTold(error)) return [];
    throw error;
  }
}

function quietOf(
  { status }: ListedAlert,
  all: readonly ListedAlert[],
  silences: readonly Silence[],
): QuietAlert['quiet'] {
  const [silencedBy] = status.silencedBy;
  if (silencedBy !== undefined) {
    const silence = silences.find(({ id }) => id === silencedBy);
    return {
      kind: 'silenced',
      by: bounded(silence?.createdBy ?? '', 100),
      comment: bounded(silence?.comment ?? '', 200),
      untilMs: silence === undefined ? null : Date.parse(silence.endsAt),
    };
  }
  const [mutedBy] = status.mutedBy ?? [];
  if (mutedBy !== undefined && status.inhibitedBy.length === 0) return { kind: 'muted', by: mutedBy };
  const by = all.find(({ fingerprint }) => status.inhibitedBy.includes(fingerprint));
  return { kind: 'inhibited', by: by === undefined ? null : nameOf(by.labels) };
}

/** The groups of each alert by its fingerprint: several receivers may be told of one alert, each in a group of its own. */
function groupsOf(groups: readonly Group[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { labels, alerts } of groups) {
    const group = groupWords(labels);
    for (const { fingerprint } of alerts) {
      const known = found.get(fingerprint) ?? [];
      if (!known.includes(group)) found.set(fingerprint, [...known, group]);
    }
  }
  return found;
}

async function testConnection(api: AlertmanagerApi, signal: AbortSignal): ReturnType<Connector['test']> {
  const startedMs = performance.now();
  try {
    const { versionInfo, cluster } = await api.status(signal);
    const latencyMs = Math.round(performance.now() - startedMs);
    const { firing, quiet } = await listed(api, signal);
    return {
      ok: true,
      sentence: `Alertmanager ${versionInfo.version} answers${cluster?.status === 'settling' ? ', its cluster is still settling' : ''}.`,
      version: versionInfo.version,
      latencyMs,
      sees: [
        `${firing.length} firing ${firing.length === 1 ? 'alert' : 'alerts'}`,
        ...(quiet.length > 0 ? [`${quiet.length} silenced, inhibited or muted`] : []),
      ],
    };
  } catch (error) {
    return { ok: false, sentence: messageOf(error), version: null, latencyMs: null, sees: [] };
  }
}
