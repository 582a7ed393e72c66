import type { Observation } from '../../../shared/vocabulary/event.ts';
import type { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import type { CoreEvent } from './resources.ts';
import { sameTroubleMs } from './trouble.ts';

/** What an Event told, as far as it must be known again in what an object shows: thousands of them are remembered. */
export type ToldByEvent = {
  what: { change: ChangeKind } | { trouble: string };
  namespace: string | null;
  service: string | null;
  atMs: number;
  /** Every object that the Event names. */
  objects: readonly string[];
};

/** Null for a warning of no common trouble: no object shows that by itself, and there may be a thousand a second of them. */
export function toldByEvent(observation: Observation, { involvedObject }: CoreEvent): ToldByEvent | null {
  const { service, atMs, labels } = observation;
  const what = whatOf(observation);
  if (what === null) return null;
  return {
    what,
    namespace: labels?.['namespace'] ?? null,
    service,
    atMs,
    objects: [
      `${involvedObject.kind}/${involvedObject.name}`,
      ...(labels?.['object'] ? [labels['object']] : []),
    ],
  };
}

function whatOf(observation: Observation): ToldByEvent['what'] | null {
  if (observation.kind === 'change') return { change: observation.change };
  const trouble = observation.labels?.['trouble'];
  return trouble === undefined ? null : { trouble };
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
  if ('change' in told.what) {
    if (shown.kind !== 'change' || shown.change !== told.what.change || apartMs > sameChangeMs) return false;
    const object = shown.labels?.['object'] ?? '';
    if (told.objects.includes(object)) return true;
    const isSameKind = told.objects.some((other) => kindOf(other) === kindOf(object));
    return !isSameKind && shown.service !== null && shown.service === told.service;
  }
  return (
    shown.kind === 'signal' &&
    shown.labels?.['trouble'] === told.what.trouble &&
    shown.service === told.service &&
    apartMs <= sameTroubleMs
  );
}

const kindOf = (object: string): string => object.split('/')[0] ?? '';
