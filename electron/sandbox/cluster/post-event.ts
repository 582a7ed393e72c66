import { hexOf } from '../random.ts';
import type { ObjectStore } from './object-store.ts';
import { type KubernetesEvent, type KubernetesObject, timestamp } from './objects.ts';

export type Involved = Pick<KubernetesEvent, 'involvedObject'>['involvedObject'];

export type Posting = {
  atMs: number;
  seed: number;
  type: KubernetesEvent['type'];
  reason: string;
  message: string;
  about: KubernetesObject | Involved;
  component: string;
  namespace?: string;
  host?: string;
  annotations?: Record<string, string>;
};

/** Posts an Event as a controller would, named `<object>.<hex>`. `about` is an object or a reference to one not held here. */
export function postEvent(store: ObjectStore, event: Posting): KubernetesEvent {
  const involvedObject = 'metadata' in event.about ? referenceTo(event.about) : event.about;
  const namespace = event.namespace ?? involvedObject.namespace ?? 'default';
  const at = timestamp(event.atMs);
  const unique = hexOf(`${event.seed}/${store.version()}/${event.reason}`, 16);
  return store.put<'Event'>(
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${involvedObject.name}.${unique}`,
        namespace,
        ...(event.annotations ? { annotations: event.annotations } : {}),
      },
      involvedObject,
      reason: event.reason,
      message: event.message,
      source: { component: event.component, ...(event.host ? { host: event.host } : {}) },
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
      type: event.type,
      reportingComponent: event.component,
      reportingInstance: event.host ?? '',
    },
    event.atMs,
  );
}

/** Posts an Event, or counts it once more where the same was said of the same object before, as event recorders do. */
export function postOrCount(store: ObjectStore, event: Posting): KubernetesEvent {
  const { uid, namespace } = 'metadata' in event.about ? event.about.metadata : event.about;
  const before = store
    .list('Event', event.namespace ?? namespace ?? 'default')
    .find(
      ({ involvedObject, reason, message }) =>
        involvedObject.uid === uid && reason === event.reason && message === event.message,
    );
  if (!before) return postEvent(store, event);
  return store.put<'Event'>(
    { ...before, count: before.count + 1, lastTimestamp: timestamp(event.atMs) },
    event.atMs,
  );
}

const referenceTo = (object: KubernetesObject): Involved => ({
  kind: object.kind,
  ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
  name: object.metadata.name,
  uid: object.metadata.uid,
  apiVersion: object.apiVersion,
  resourceVersion: object.metadata.resourceVersion,
});
