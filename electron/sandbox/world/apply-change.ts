import { backupLabel } from '../cluster/backup-operator.ts';
import {
  actorAnnotation,
  afterAnnotation,
  beforeAnnotation,
  changeAnnotation,
  fieldAnnotation,
  objectAnnotation,
  serviceAnnotation,
} from '../cluster/change-annotations.ts';
import { configMapOf, templateOf } from '../cluster/create-cluster.ts';
import { infrastructureImages, weightAnnotation } from '../cluster/create-surroundings.ts';
import { revisionAnnotation } from '../cluster/deployment-controller.ts';
import type { ObjectStore } from '../cluster/object-store.ts';
import { type Deployment, type ManagedFields, type ObjectMeta, timestamp } from '../cluster/objects.ts';
import { type Involved, postEvent } from '../cluster/post-event.ts';
import { hexOf } from '../random.ts';
import type { ScriptedChange } from '../scenario/change.ts';
import { serviceOf, type Topology } from '../scenario/topology.ts';

/** Where flags are turned. */
export type FlagSwitches = {
  shareOn(flag: string): number;
  /** Returns the id of the event it left. */
  setRollout(change: { flag: string; percent: number; by: string; atMs: number }): number;
};

type Told = {
  kind: 'config' | 'scale' | 'traffic' | 'infrastructure';
  about: Involved | Deployment;
  by: string;
  reason: string;
  message: string;
  actor?: string;
  object?: string;
  field?: string;
  before?: string;
  after?: string;
};

/**
 * Makes a scripted change in the world and lets the system that made it leave the trace such systems leave. Returns the id
 * under which connectors report it.
 */
export function applyChange(options: {
  change: ScriptedChange;
  store: ObjectStore;
  flags: FlagSwitches;
  topology: Topology;
  seed: number;
  atMs: number;
}): string {
  const { change, store, flags, topology, seed, atMs } = options;
  const service = serviceOf(topology, change.service);
  const { namespace, name } = service;

  const reference = (apiVersion: string, kind: string, name: string): Involved => ({
    apiVersion,
    kind,
    name,
    namespace,
    uid: hexOf(`${seed}/${kind}/${name}`, 32),
  });

  function tell({ kind, about, by, reason, message, actor = change.actor, ...diff }: Told): string {
    const told = [
      [objectAnnotation, diff.object],
      [fieldAnnotation, diff.field],
      [beforeAnnotation, diff.before],
      [afterAnnotation, diff.after],
    ].filter(([, value]) => value !== undefined);
    const event = postEvent(store, {
      atMs,
      seed,
      type: 'Normal',
      reason,
      message,
      about,
      component: by,
      namespace,
      annotations: {
        [changeAnnotation]: kind,
        [serviceAnnotation]: name,
        [actorAnnotation]: actor,
        ...Object.fromEntries(told),
      },
    });
    return `${kind}:${namespace}/${event.metadata.name}`;
  }

  function deployment(): Deployment {
    const found = store.get('Deployment', namespace, name);
    if (!found) throw new Error(`no Deployment ${namespace}/${name}`);
    return found;
  }

  switch (change.kind) {
    case 'deploy': {
      const { metadata, spec } = deployment();
      update(store, deployment(), atMs, {
        spec: { ...spec, template: templateOf(service, change.version, seed) },
        annotations: {
          'kubernetes.io/change-cause': `${name} ${change.version}: ${change.cause}`,
          [actorAnnotation]: change.actor,
        },
      });
      return `deploy:${namespace}/${name}@${Number(metadata.annotations?.[revisionAnnotation] ?? 0) + 1}`;
    }

    case 'flag': {
      const { flag, percent, actor: by } = change;
      return `flag:default/${flag}@${flags.setRollout({ flag, percent, by, atMs })}`;
    }

    case 'config': {
      const map = configMapOf(name);
      const configMap = store.get('ConfigMap', namespace, map);
      if (!configMap) throw new Error(`no ConfigMap ${namespace}/${map}`);
      const before = configMap.data[change.setting];
      const data = { ...configMap.data, [change.setting]: change.value };
      const fields = { 'f:data': { [`f:${change.setting}`]: {} } };
      const metadata = writtenBy(configMap.metadata, { manager: 'kubectl-edit', fields, atMs });
      const { uid } = store.put<'ConfigMap'>({ ...configMap, metadata, data }, atMs).metadata;
      return tell({
        kind: 'config',
        about: { ...reference('v1', 'ConfigMap', map), uid },
        by: 'reloader',
        reason: 'ConfigMapChanged',
        message: `ConfigMap ${map} changed: ${change.setting} ${before ?? ''} -> ${change.value}`,
        object: `ConfigMap/${map}`,
        field: change.setting,
        ...(before === undefined ? {} : { before }),
        after: change.value,
      });
    }

    case 'scale': {
      const now = deployment();
      const before = now.spec.replicas;
      const fields = { 'f:spec': { 'f:replicas': {} } };
      const metadata = writtenBy(now.metadata, { manager: 'kubectl', fields, atMs, subresource: 'scale' });
      update(store, { ...now, metadata }, atMs, { spec: { ...now.spec, replicas: change.replicas } });
      return tell({
        kind: 'scale',
        about: now,
        by: 'kubectl',
        reason: 'Scaled',
        message: `Scaled from ${before} to ${change.replicas} replicas by ${change.actor}`,
        object: `Deployment/${name}`,
        field: 'replicas',
        before: String(before),
        after: String(change.replicas),
      });
    }

    case 'weight': {
      const ingress = store.get('Ingress', namespace, name);
      if (!ingress) throw new Error(`no Ingress ${namespace}/${name}`);
      const before = ingress.metadata.annotations?.[weightAnnotation] ?? '100';
      const after = String(change.weight);
      const annotations = { ...ingress.metadata.annotations, [weightAnnotation]: after };
      const fields = { 'f:metadata': { 'f:annotations': { [`f:${weightAnnotation}`]: {} } } };
      const metadata = writtenBy(ingress.metadata, { manager: 'external-dns', fields, atMs });
      store.put<'Ingress'>({ ...ingress, metadata: { ...metadata, annotations } }, atMs);
      return tell({
        kind: 'traffic',
        about: { ...reference('networking.k8s.io/v1', 'Ingress', name), uid: ingress.metadata.uid },
        by: 'external-dns',
        reason: 'RecordUpdated',
        message: `Weight of ${name}.shop.example in this region: ${before} -> ${after}`,
        object: `Ingress/${name}`,
        field: 'weight',
        before,
        after,
      });
    }

    case 'canary':
      return tell({
        kind: 'traffic',
        about: reference('flagger.app/v1beta1', 'Canary', name),
        by: 'flagger',
        actor: 'flagger',
        reason: 'Synced',
        message: `Advance ${name}.${namespace} canary weight ${change.weight}`,
      });

    case 'node': {
      const nodes = store.list('Node');
      const node = nodes[change.variant % nodes.length]?.metadata.name ?? '';
      const variants = [
        ['kubelet', 'NodeReady', `Node ${node} status is now: NodeReady`],
        ['node-controller', 'RegisteredNode', `Node ${node} event: Registered Node ${node} in Controller`],
        ['kubelet', 'NodeAllocatableEnforced', `Updated Node Allocatable limit across pods on ${node}`],
      ] as const;
      const [by, reason, message] = variants[change.variant % variants.length] ?? variants[0];
      const { namespace: _clusterWide, ...about } = reference('v1', 'Node', node);
      return tell({ kind: 'infrastructure', about, by, actor: by, reason, message });
    }

    case 'backup': {
      const job = `${name}-base-backup`;
      const rate = 40;
      const size = Math.round((change.minutes * 60 * rate) / 1_000);
      const labels = {
        app: job,
        [backupLabel]: name,
        'job-name': job,
        'batch.kubernetes.io/job-name': job,
      };
      const { uid } = store.put<'Job'>(
        {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: { name: job, namespace, labels },
          spec: {
            parallelism: 1,
            completions: 1,
            backoffLimit: 6,
            selector: { matchLabels: { 'batch.kubernetes.io/job-name': job } },
            template: {
              metadata: { labels },
              spec: {
                containers: [
                  {
                    name: 'base-backup',
                    image: infrastructureImages.backup,
                    args: [`--server=${name}-0.${name}`, `--size-gb=${size}`, `--rate-mbps=${rate}`],
                  },
                ],
                restartPolicy: 'OnFailure',
              },
            },
          },
          status: {},
        },
        atMs,
      ).metadata;
      return tell({
        kind: 'infrastructure',
        about: { ...reference('batch/v1', 'Job', job), uid },
        by: 'pg-backup',
        actor: 'pg-backup',
        reason: 'BackupStarted',
        message: `Base backup of ${name} started: ${size} GB at ${rate} MB/s, about ${Math.round(change.minutes)} minutes`,
        object: `StatefulSet/${name}`,
      });
    }
  }
}

/** The mark of whoever wrote, as the API server keeps it. */
function writtenBy(
  metadata: ObjectMeta,
  write: { manager: string; fields: Record<string, unknown>; atMs: number; subresource?: 'scale' },
): ObjectMeta {
  const { manager, fields, atMs, subresource } = write;
  const entry: ManagedFields = {
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time: timestamp(atMs),
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
    ...(subresource === undefined ? {} : { subresource }),
  };
  const others = (metadata.managedFields ?? []).filter(
    (one) => one.manager !== manager || one['subresource'] !== subresource,
  );
  return { ...metadata, managedFields: [...others, entry] };
}

function update(
  store: ObjectStore,
  deployment: Deployment,
  atMs: number,
  change: { spec: Deployment['spec']; annotations?: Record<string, string> },
): void {
  store.put<'Deployment'>(
    {
      ...deployment,
      metadata: {
        ...deployment.metadata,
        generation: (deployment.metadata.generation ?? 1) + 1,
        annotations: { ...deployment.metadata.annotations, ...change.annotations },
      },
      spec: change.spec,
    },
    atMs,
  );
}
