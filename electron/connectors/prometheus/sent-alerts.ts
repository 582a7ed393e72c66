import { Failure, messageOf } from '../../platform/failure.ts';
import { Refused } from '../../platform/http-reply.ts';
import { fingerprintOf, type Labels } from '../alert-labels.ts';
import { isNotTold } from '../not-told.ts';
import { type AlertingConfiguration, alertingConfiguration } from './alerting-configuration.ts';
import type { PrometheusApi } from './api.ts';
import { type RelabelRule, relabelled } from './relabel.ts';

/** Where nothing says whether the configuration was loaded anew, or it could not be read, it is asked for so often. */
const ASKED_EVERY_MS = 60_000;
/** Else so often: when it was loaded is told in whole seconds. */
const READ_EVERY_MS = 600_000;
/** Alerts are read besides, and wait for no longer. */
const ASK_TIMEOUT_MS = 2_000;
const MOST_REMEMBERED = 20_000;

export type SentAlerts = ReturnType<typeof sentAlerts>;

/** As which alerts arrive at the Alertmanagers of a Prometheus, by the configuration that it has now. */
export function sentAlerts(
  api: Pick<PrometheusApi, 'configuration' | 'version'>,
  nowMs: () => number = Date.now,
) {
  let known: AlertingConfiguration | null = null;
  let because: string | null = null;
  let asked: { atMs: number; loadedMs: number | null } | null = null;
  const remembered = new Map<string, readonly string[]>();

  /** Reads the configuration where it may be another by now; `loadedMs` is when it was loaded, null where nobody says. */
  async function follow(loadedMs: number | null, signal: AbortSignal): Promise<void> {
    if (asked !== null && loadedMs === asked.loadedMs) {
      const everyMs = loadedMs === null || because !== null ? ASKED_EVERY_MS : READ_EVERY_MS;
      if (nowMs() - asked.atMs < everyMs) return;
    }
    asked = { atMs: nowMs(), loadedMs };
    await read(signal);
  }

  /** What cannot be read now is taken for what it was; what is not told at all, or not understood, for unknown. */
  async function read(outer: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([outer, AbortSignal.timeout(ASK_TIMEOUT_MS)]);
    try {
      const [yaml, version] = await Promise.all([api.configuration(signal), api.version(signal)]);
      known = alertingConfiguration(yaml, version);
      because = null;
      remembered.clear();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      because =
        error instanceof Refused
          ? `/api/v1/status/config is answered with ${error.status}`
          : messageOf(error).replace(/\.$/, '');
      if (!isNotTold(error)) return;
      known = null;
      remembered.clear();
    }
  }

  /** The fingerprints under which Alertmanagers have an alert; none where it is dropped, undefined where nobody knows. */
  function sentAs(labels: Labels): readonly string[] | undefined {
    // Without Alertmanagers it is somebody else who sends, as vmalert does.
    if (known === null || known.ways.length === 0) return undefined;
    const own = fingerprintOf(labels);
    const before = remembered.get(own);
    if (before !== undefined) return before;
    const { externalLabels, ways } = known;
    const found = [...new Set(ways.flatMap((rules) => arriving(labels, { externalLabels, rules }) ?? []))];
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(own, found);
    return found;
  }

  return {
    follow,
    read,
    sentAs,
    /** What a person is told who tries the connection: null where alerts are followed. */
    sentence: (): string | null =>
      because === null
        ? null
        : `What becomes of the labels of its alerts on the way to Alertmanager is not known (${because}): those that get external labels or are relabelled stand in two lines beside an Alertmanager, whose silences are not theirs. Let GET /api/v1/status/config be asked, or connect the Prometheus that evaluates the rules.`,
    /** In short, what is done to them. */
    summary(): string | null {
      if (known === null || known.ways.length === 0) return null;
      const labels = Object.keys(known.externalLabels).length;
      const rules = Math.max(...known.ways.map((way) => way.length));
      return labels + rules === 0
        ? 'alerts sent with their own labels'
        : `alerts sent with ${labels} external ${labels === 1 ? 'label' : 'labels'} and ${rules} relabelling ${rules === 1 ? 'rule' : 'rules'}`;
    },
  };
}

/** The fingerprint of an alert as it arrives, or null where it does not: Alertmanager takes none without labels. */
function arriving(
  labels: Labels,
  { externalLabels, rules }: { externalLabels: Labels; rules: readonly RelabelRule[] },
): string | null {
  const given = new Map(Object.entries(labels));
  for (const [name, value] of Object.entries(externalLabels)) if (!given.get(name)) given.set(name, value);
  const sent = relabelled(Object.fromEntries(given), rules);
  if (sent === null || Object.keys(sent).length === 0 || Object.hasOwn(sent, '')) return null;
  return fingerprintOf(sent);
}
