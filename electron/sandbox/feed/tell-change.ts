import { imageOf, versionOfImage } from '../cluster/images.ts';
import { hexOf, uuidOf } from '../random.ts';

/** A change as the systems beside the cluster know it: a pipeline its deploys, a configuration service its settings. */
export type WorldChange = {
  atMs: number;
  service: string;
  namespace: string;
  actor: string | null;
  /** What makes it this change and no other: its event has the same id whenever and however often it is told. */
  id: string;
} & (
  | { kind: 'deploy'; image: string; revision: number; isRollback: boolean; cause: string | null }
  | {
      kind: 'config';
      object: string;
      field: string;
      before: string | null;
      after: string | null;
      /** Under which the cluster reports the same change, where it does. */
      key: string | null;
    }
);

/** A CloudEvent 1.0 with JSON data. */
export type CloudEvent = {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  data: object;
};

/** The event that tells of a change. Pure: the same change of the same drill is the same event. */
export function tellChange(change: WorldChange, seed: number): CloudEvent {
  const id = uuidOf(`${seed}/feed/${change.id}`);
  const time = new Date(change.atMs).toISOString();
  const common = { specversion: '1.0', id, time, datacontenttype: 'application/json' } as const;
  const { service, namespace, actor } = change;
  if (change.kind === 'config') {
    const { object, field, before, after, key } = change;
    return {
      ...common,
      source: `/config/${namespace}`,
      type: 'dev.countersign.change.v1',
      subject: object,
      data: {
        change: 'config',
        service,
        namespace,
        title: `${field} of ${service} set to ${after ?? 'nothing'}, was ${before ?? 'not set'}`,
        object,
        field,
        ...(before === null ? {} : { before }),
        ...(after === null ? {} : { after }),
        ...(actor === null ? {} : { actor }),
        ...(key === null ? {} : { key }),
      },
    };
  }
  const source = `/pipelines/${service}`;
  const type = `dev.cdevents.service.${verbOf(change)}.0.2.0`;
  return {
    ...common,
    source,
    type,
    subject: service,
    data: {
      context: { version: '0.4.1', id, source, type, timestamp: time },
      subject: {
        id: service,
        source,
        type: 'service',
        content: {
          environment: { id: 'production', source: '/environments' },
          artifactId: artifactOf(service, change.image),
        },
      },
      customDataContentType: 'application/json',
      customData: {
        namespace,
        name: service,
        revision: change.revision,
        url: `https://ci.shop.example/${service}/runs/${Number.parseInt(hexOf(id, 5), 16)}`,
        ...(actor === null ? {} : { actor }),
        ...(change.cause === null ? {} : { cause: change.cause }),
      },
    },
  };
}

/** Some pipelines know that something ran there before, some only that they have deployed. */
function verbOf({ service, isRollback }: { service: string; isRollback: boolean }): string {
  if (isRollback) return 'rolledback';
  return Number.parseInt(hexOf(service, 1), 16) % 3 === 0 ? 'deployed' : 'upgraded';
}

/** A package URL of the type oci: the digest, and the tag among the qualifiers. */
function artifactOf(service: string, image: string): string {
  const version = versionOfImage(image);
  const repository = image.slice(0, image.lastIndexOf(':'));
  const digest = hexOf(`image/${imageOf(service, version)}`, 64);
  return `pkg:oci/${service}@sha256%3A${digest}?repository_url=${encodeURIComponent(repository)}&tag=${encodeURIComponent(version)}`;
}
