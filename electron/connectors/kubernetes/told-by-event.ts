import type { Observation } from '../../../shared/vocabulary/event.ts';
import type { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import type { CoreEvent } from './resources.ts';
import { sameTroubleMs } from './trouble.ts';

/** What an Event told, as far as it must be known again in what an object shows: thousands of them are remembered. */
export type ToldByEvent = {
  kind: Observation['kind'];
  change: ChangeKind | null;
  trouble: string | null;
  namespace: string | null;
  service: string | null;
  atMs: number;
  /** Every object that the Event names. */
  objects: readonly string[];
};

export function toldByEvent(observation: Observation, { involvedObject }: CoreEvent): ToldByEvent {
  const { kind, service, atMs, labels } = observation;
  return {
    kind,
    change: kind === 'change' ? observation.change : null,
    trouble: labels?.['trouble'] ?? null,
    namespace: labels?.['namespace'] ?? null,
    service,
    atMs,
    objects: [
      `${involvedObject.kind}/${involvedObject.name}`,
      ...(labels?.['object'] ? [labels['object']] : []),
    ],
  };
}

/** Who posts an Event about a change posts it as it is made. */
const sameChangeMs = 60_000;

/**
 * Whether an Event has told already what an object shows by itself: the same kind of change at the same time, of the object
 * that the Event names or, where the Event names one of another kind (the autoscaler for the Deployment), of its service; or
 * the same trouble of the same service. What an Event says of it is fuller: who, and why.
 */
export function isTold(shown: Observation, told: Iterable<ToldByEvent>): boolean {
  for (const one of told) if (isSame(shown, one)) return true;
  return false;
}

function isSame(shown: Observation, told: ToldByEvent): boolean {
  const apartMs = Math.abs(shown.atMs - told.atMs);
  if (shown.labels?.['namespace'] !== undefined && shown.labels['namespace'] !== told.namespace) return false;
  if (shown.kind === 'change' && told.kind === 'change') {
    if (shown.change !== told.change || apartMs > sameChangeMs) return false;
    const object = shown.labels?.['object'] ?? '';
    if (told.objects.includes(object)) return true;
    const isSameKind = told.objects.some((other) => kindOf(other) === kindOf(object));
    return !isSameKind && shown.service !== null && shown.service === told.service;
  }
  const trouble = shown.labels?.['trouble'];
  return (
    shown.kind === 'signal' &&
    told.kind === 'signal' &&
    trouble !== undefined &&
    trouble === told.trouble &&
    shown.service === told.service &&
    apartMs <= sameTroubleMs
  );
}

const kindOf = (object: string): string => object.split('/')[0] ?? '';
