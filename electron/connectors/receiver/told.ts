import { createHash } from 'node:crypto';
import type { ChangeObservation, FieldDiff } from '../../../shared/vocabulary/event.ts';
import type { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import { EVERY_SENDER } from '../../../shared/vocabulary/receiver-sender.ts';
import { toldLabels } from '../../../shared/vocabulary/told-change.ts';
import { withoutSecrets } from '../../platform/hide-secrets.ts';
import { bounded } from '../bounded.ts';
import type { CloudEvent } from './cloud-event.ts';

/** A change as an event tells it; everything in it is still as the sender wrote it. */
export type Told = {
  change: ChangeKind;
  service: string | null;
  title: string;
  /** The key under which another source reports the same change, where the event says so. */
  key?: string | undefined;
  /** When it happened, as the event itself says (RFC 3339). */
  at?: string | undefined;
  actor?: string | undefined;
  environment?: string | undefined;
  namespace?: string | undefined;
  version?: string | undefined;
  artifact?: string | undefined;
  object?: string | undefined;
  flag?: string | undefined;
  url?: string | undefined;
  detail?: string | undefined;
  diff?: FieldDiff | undefined;
};

const minuteMs = 60_000;
/** Clocks of machines differ by this much without anything being wrong. */
const mostAheadMs = minuteMs;
const lateMs = 3 * 60 * minuteMs;
/** What lies further back belongs to no incident that could still be open. */
const mostAgeMs = 24 * 60 * minuteMs;

/** Who has sent it, as its secret proved: whoever the event says it is from, this is who it came from. */
export type Sender = { id: string; name: string };

/** What was told as an observation, or null where it happened too long ago to matter. */
export function observationOf(
  event: Omit<CloudEvent, 'data'>,
  told: Told,
  { source, nowMs, from }: { source: string; nowMs: number; from: Sender },
): ChangeObservation | null {
  const when = timeOf(told.at ?? event.time, nowMs);
  if (nowMs - when.atMs > mostAgeMs) return null;
  const { change, key, service, title, actor, diff } = told;
  return {
    key: key ?? `${change}:event/${keyPartOf(event, from)}`,
    kind: 'change',
    change,
    atMs: when.atMs,
    service: service === null ? null : line(service, 253),
    // Before its lines are joined: where they end says how far a secret goes.
    title: line(withoutSecrets(title), 500),
    detail: detailOf(event, told, from, when.note),
    ...(actor ? { actor: line(actor, 200) } : {}),
    source,
    labels: labelsOf(event, told, from, when.mark),
    ...(diff ? { diff: [diff] } : {}),
  };
}

/** What CloudEvents holds to be the same event: the same id from the same source. */
export const idOf = ({ source, id }: Pick<CloudEvent, 'source' | 'id'>): string => sha256([source, id]);

const sha256 = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** What two senders call alike need not be the same, and neither can take the other's place. */
const keyPartOf = (event: Omit<CloudEvent, 'data'>, { id }: Sender): string =>
  (id === EVERY_SENDER ? idOf(event) : sha256([id, event.source, event.id])).slice(0, 24);

type When = { atMs: number; mark?: string; note?: string };

function timeOf(told: string | undefined, nowMs: number): When {
  if (told === undefined) return { atMs: nowMs, mark: 'received', note: 'The event has no time of its own.' };
  const toldMs = Date.parse(told);
  if (toldMs > nowMs + mostAheadMs)
    return {
      atMs: nowMs,
      mark: 'ahead',
      note: `The event is dated ${new Date(toldMs).toISOString()}, after it was received.`,
    };
  if (nowMs - toldMs > lateMs)
    return { atMs: toldMs, mark: 'late', note: 'The event came hours after the time it names.' };
  return { atMs: Math.min(toldMs, nowMs) };
}

function detailOf(
  event: Omit<CloudEvent, 'data'>,
  told: Told,
  from: Sender,
  note: string | undefined,
): string {
  const { artifact, url, detail } = told;
  const lines = [
    detail === undefined ? undefined : bounded(withoutSecrets(detail).trim(), 4_000),
    artifact && `Artifact: ${line(artifact, 500)}`,
    isLink(url) ? `Link: ${line(url, 1_000)}` : undefined,
    `Told by ${line(event.source, 300)} (${line(event.type, 255)})`,
    from.id !== EVERY_SENDER && `Sent by “${from.name}”, by the secret of that sender`,
    note,
  ];
  return lines.filter(Boolean).join('\n');
}

function labelsOf(
  event: Omit<CloudEvent, 'data'>,
  told: Told,
  from: Sender,
  mark: string | undefined,
): Record<string, string> {
  const { environment, namespace, version, artifact, object, flag } = told;
  const labels = {
    [toldLabels.event]: event.type,
    [toldLabels.environment]: environment,
    [toldLabels.namespace]: namespace,
    [toldLabels.version]: version,
    [toldLabels.artifact]: artifact,
    [toldLabels.time]: mark,
    [toldLabels.sender]: from.id === EVERY_SENDER ? undefined : from.name,
    object,
    flag,
  };
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) => (value ? [[name, line(value, 500)]] : [])),
  );
}

/** A person may follow it, so it leads to a page and nowhere else. */
const isLink = (url: string | undefined): url is string =>
  url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

/** One line, whatever the sender put into it. */
const line = (text: string, length: number): string =>
  bounded(text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim(), length);
