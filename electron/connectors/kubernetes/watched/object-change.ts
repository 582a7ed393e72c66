import type { ChangeObservation, FieldDiff } from '../../../../shared/vocabulary/event.ts';
import type { ChangeKind } from '../../../../shared/vocabulary/kinds.ts';
import { boundedKey } from '../../../platform/bounded-key.ts';
import { bounded } from '../../bounded.ts';
import type { deliveryOf } from '../delivery.ts';
import type { OwnedMeta, Writer } from '../field-writer.ts';
import { objectLabel, type Seen, type Subject } from './watched-kind.ts';

/** What is known of one change of one object. */
export type ObjectChange = {
  change: ChangeKind;
  subject: Subject;
  service: string | null;
  title: string;
  /** Who and when, where the object says; dated by when it was seen otherwise. */
  writer: Writer | null;
  /** Tells one change of the object from the next when nobody dates it. */
  version: string;
  diff?: FieldDiff[];
  delivery?: Delivery | null;
};
export type Delivery = ReturnType<typeof deliveryOf>;

/**
 * A change of an object as an observation. Its key is made of the time that the API server keeps of it, so that the same
 * change has the same key whether it was watched or is rebuilt later from what the cluster holds.
 */
export function objectChange(of: ObjectChange, { nowMs, source }: Seen): ChangeObservation {
  const { change, subject, service, title, writer, version, diff, delivery } = of;
  const stamp = writer === null ? `v${version}` : new Date(writer.atMs).toISOString().replace('.000Z', 'Z');
  return {
    key: boundedKey(`${change}:${subject.namespace}/${objectLabel(subject)}@${stamp}`),
    kind: 'change',
    change,
    atMs: writer?.atMs ?? nowMs,
    service,
    title: bounded(title, 500),
    ...(delivery ? { detail: bounded(delivery.sentence, 2_000) } : {}),
    ...(writer === null ? {} : { actor: writer.by }),
    source,
    labels: {
      ...(subject.namespace === '' ? {} : { namespace: subject.namespace }),
      object: objectLabel(subject),
      ...delivery?.labels,
    },
    ...(diff === undefined || diff.length === 0 ? {} : { diff }),
  };
}

/** The service that an object of any kind is about, by the labels that people and charts give it. */
export const serviceIn = ({
  labels,
  annotations,
}: Pick<OwnedMeta, 'labels' | 'annotations'>): string | null =>
  annotations['countersign.dev/service'] ||
  labels['app.kubernetes.io/name'] ||
  labels['app'] ||
  labels['k8s-app'] ||
  null;
