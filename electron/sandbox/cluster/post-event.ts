import { hexOf } from '../random.ts';
import type { ObjectStore } from './object-store.ts';
import { type KubernetesEvent, type KubernetesObject, timestamp } from './objects.ts';

export type Involved = Pick<KubernetesEvent, 'involvedObject'>['involvedObject'];

/** Posts an Event as a controller would, named `<object>.<hex>`. `about` is an object or a reference to one not held here. */
export function postEvent(
  store: ObjectStore,
  event: {
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
  },
): KubernetesEvent {
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

const referenceTo = (object: KubernetesObject): Involved => ({
  kind: object.kind,
  ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
  name: object.metadata.name,
  uid: object.metadata.uid,
  apiVersion: object.apiVersion,
  resourceVersion: object.metadata.resourceVersion,
});
