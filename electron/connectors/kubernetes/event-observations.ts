import type { FieldDiff, Observation } from '../../../shared/vocabulary/event.ts';
import { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import { boundedKey } from '../../platform/bounded-key.ts';
import { shownUnder, withoutSecrets } from '../../platform/hide-secrets.ts';
import { isSecret } from '../../platform/secret-names.ts';
import { bounded } from '../bounded.ts';
import { workloadOfPod } from '../pod-name.ts';
import { annotationNames, type CoreEvent } from './resources.ts';
import { troubleOfEvent, troubleSignal } from './trouble.ts';

/**
 * What one Event of core/v1 tells. Whoever changes something beside Kubernetes (a flag, a config, traffic) posts an Event
 * annotated `countersign.dev/change` and `countersign.dev/service`; that is a change, and with `field`, `before` and `after`
 * it says what exactly was changed. Warnings are signals. The rest, thousands of pods scheduled and images pulled, is nobody's evidence.
 */
export function observationOf(event: CoreEvent, source: string): Observation | null {
  const atMs = timeOf(event);
  const change = ChangeKind.safeParse(event.metadata.annotations[annotationNames.change]);
  if (change.success) return changeOf(event, change.data, atMs, source);
  return event.type === 'Warning' ? warningOf(event, atMs, source) : null;
}

export const timeOf = ({ lastTimestamp, eventTime, firstTimestamp, metadata }: CoreEvent): number =>
  Date.parse(lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata.creationTimestamp);

function changeOf(event: CoreEvent, change: ChangeKind, atMs: number, source: string): Observation {
  const { name, namespace, annotations } = event.metadata;
  const flag = annotations[annotationNames.flag];
  const diff = diffOf(annotations);
  const actor = annotations[annotationNames.actor] || event.reportingComponent || event.source?.component;
  return {
    key: boundedKey(`${change}:${namespace}/${name}`),
    kind: 'change',
    change,
    atMs,
    service: annotations[annotationNames.service] || serviceOf(event),
    title: titleOf(event),
    ...restOf(event),
    ...(actor ? { actor } : {}),
    source,
    labels: { namespace, ...objectOf(event), ...(flag ? { flag } : {}) },
    ...(diff ? { diff: [diff] } : {}),
  };
}

/** The object it was done to, as `Kind/name`: what the Event says beside what it is about. */
function objectOf({ metadata, involvedObject: { kind, name } }: CoreEvent): { object?: string } {
  const said = metadata.annotations[annotationNames.object];
  const object = said ?? `${kind}/${name}`;
  return /^[A-Za-z]{1,63}\/[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/.test(object) ? { object } : {};
}

/** Its annotations in which a value stands that the difference hides. */
export function hiddenAnnotations({ metadata: { annotations } }: CoreEvent): Set<string> {
  const path = annotations[annotationNames.field] ?? '';
  const values = [annotationNames.before, annotationNames.after];
  return new Set(values.filter((name) => isSecret(path, annotations[name] ?? null)));
}

/** A value longer than this cannot be put back by an action either. */
const mostCharacters = 4_000;

/** One field, before and after; what is absent was not set, and a secret stays where it is. */
function diffOf(annotations: Record<string, string>): FieldDiff | null {
  const path = annotations[annotationNames.field];
  if (!path) return null;
  const told = (value: string | undefined) => {
    if (value === undefined) return null;
    return bounded(shownUnder(path, value), mostCharacters);
  };
  return {
    path: bounded(path, 300),
    before: told(annotations[annotationNames.before]),
    after: told(annotations[annotationNames.after]),
  };
}

function warningOf(event: CoreEvent, atMs: number, source: string): Observation {
  const { kind, name } = event.involvedObject;
  return troubleSignal({
    namespace: event.involvedObject.namespace ?? event.metadata.namespace,
    object: `${kind}/${name}`,
    service: serviceOf(event),
    reason: event.reason,
    trouble: troubleOfEvent(event.reason, event.message),
    title: `${event.reason}: ${titleOf(event)}`,
    ...restOf(event),
    atMs,
    source,
  });
}

/** The workload an Event is about; a node or a volume is no service. */
function serviceOf({ involvedObject: { kind, name } }: CoreEvent): string | null {
  if (kind === 'Pod') return workloadOfPod(name);
  if (kind === 'ReplicaSet') return name.replace(/-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/, '');
  return /^(Deployment|StatefulSet|DaemonSet|Service|HorizontalPodAutoscaler)$/.test(kind) ? name : null;
}

const titleOf = ({ message, reason }: CoreEvent) =>
  bounded(withoutSecrets(message).split('\n')[0]?.trim() || reason || 'an Event without a message', 500);

/** A message of several lines keeps the others as detail. */
const restOf = ({ message }: CoreEvent) =>
  message.trim().includes('\n') ? { detail: bounded(withoutSecrets(message), 4_000) } : {};
