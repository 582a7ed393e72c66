import { beforeAnnotation } from '../cluster/change-annotations.ts';
import { configMapOf } from '../cluster/create-cluster.ts';
import { revisionAnnotation } from '../cluster/deployment-controller.ts';
import { imageOf } from '../cluster/images.ts';
import type { LoggedChange, ObjectStore } from '../cluster/object-store.ts';
import type { ConfigMap, ReplicaSet } from '../cluster/objects.ts';
import type { MadeChange, Simulation } from '../simulation.ts';
import type { WorldChange } from './tell-change.ts';

export type WorldWatch = {
  /** What was changed since the last time it was asked: by the story, by colleagues, by whoever uses the API. */
  next(): WorldChange[];
  stop(): void;
};

/**
 * Deploys and settings as they change in the world, its history first. What the story made is told with who did it; of the
 * rest the cluster's own objects tell, as they do where somebody used kubectl.
 */
export function watchWorld(world: Pick<Simulation, 'made' | 'store'>): WorldWatch {
  let told = 0;
  const seen: WorldChange[] = [];
  const stop = world.store.subscribe((change) => {
    seen.push(...writtenIn(change, world.store.writtenMs()));
  });

  return {
    next() {
      const made = world.made().slice(told);
      told += made.length;
      const ours = made.flatMap((one) => madeChange(one, world.store) ?? []);
      // What the story made left its objects in the same step: those are not told again.
      const known = new Set(ours.map(identity));
      const others = seen.splice(0).filter((change) => !known.delete(identity(change)));
      return [...ours, ...others].sort((one, other) => one.atMs - other.atMs || (one.id < other.id ? -1 : 1));
    },
    stop,
  };
}

const identity = (change: WorldChange): string =>
  change.kind === 'deploy'
    ? `${change.namespace}/${change.service}@${change.revision}`
    : `${change.namespace}/${change.object}/${change.field}=${change.after}`;

function madeChange({ entry: { change }, id, atMs }: MadeChange, store: ObjectStore): WorldChange | null {
  const { service, actor } = change;
  const [, namespace = '', rest = ''] = /^[a-z]+:([^/]+)\/(.+)$/.exec(id) ?? [];
  const common = { atMs, service, namespace, actor, id };
  if (change.kind === 'deploy')
    return {
      ...common,
      kind: 'deploy',
      image: imageOf(service, change.version),
      revision: Number(rest.split('@').at(-1)),
      isRollback: false,
      cause: change.cause,
    };
  if (change.kind === 'config')
    return {
      ...common,
      kind: 'config',
      object: `ConfigMap/${configMapOf(service)}`,
      field: change.setting,
      before: store.get('Event', namespace, rest)?.metadata.annotations?.[beforeAnnotation] ?? null,
      after: change.value,
      key: id,
    };
  return null;
}

function writtenIn({ type, kind, before, object, version }: LoggedChange, atMs: number): WorldChange[] {
  if (type === 'DELETED') return [];
  if (kind === 'ReplicaSet') return rolloutIn(before as ReplicaSet | null, object as ReplicaSet, atMs);
  if (kind === 'ConfigMap' && before)
    return settingsIn(before as ConfigMap, object as ConfigMap, atMs, version);
  return [];
}

/** A ReplicaSet that is new, or has a new revision, is a rollout; the latter of a template that ran before. */
function rolloutIn(before: ReplicaSet | null, now: ReplicaSet, atMs: number): WorldChange[] {
  const { namespace = '', annotations, ownerReferences } = now.metadata;
  const revision = Number(annotations?.[revisionAnnotation] ?? 0);
  const service = ownerReferences?.[0]?.name;
  const image = now.spec.template.spec.containers[0]?.image;
  if (service === undefined || image === undefined || !(revision > 0)) return [];
  if (before && Number(before.metadata.annotations?.[revisionAnnotation] ?? 0) === revision) return [];
  return [
    {
      kind: 'deploy',
      id: `deploy:${namespace}/${service}@${revision}`,
      atMs,
      service,
      namespace,
      actor: null,
      image,
      revision,
      isRollback: before !== null,
      cause: null,
    },
  ];
}

function settingsIn(before: ConfigMap, now: ConfigMap, atMs: number, version: number): WorldChange[] {
  const { name, namespace = '' } = now.metadata;
  const service = name.replace(/-config$/, '');
  if (configMapOf(service) !== name) return [];
  const fields = [...new Set([...Object.keys(before.data), ...Object.keys(now.data)])].sort();
  return fields
    .filter((field) => before.data[field] !== now.data[field])
    .map((field) => ({
      kind: 'config',
      id: `config:${namespace}/${name}/${field}@${version}`,
      atMs,
      service,
      namespace,
      actor: null,
      object: `ConfigMap/${name}`,
      field,
      before: before.data[field] ?? null,
      after: now.data[field] ?? null,
      key: null,
    }));
}
