import { z } from 'zod';
import type { ConfigReader, ConfigState, ObjectRef } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { readKept } from './kept-reader.ts';
import { tierOf } from './marks.ts';
import { ownedBy } from './ownership.ts';
import { configMapPath, workloadsPath } from './paths.ts';
import { ConfigMap, Workload } from './resources.ts';

export async function readConfigMap(
  api: ClusterApi,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<ConfigState> {
  const { metadata, data, immutable } = await api.get(ConfigMap, configMapPath(ref), signal);
  return { uid: metadata.uid, data, immutable, ...ownedBy(metadata) };
}

/** Every workload of the namespace whose pods read the ConfigMap, counted from what the cluster holds now. */
export async function readReadersOf(
  api: ClusterApi,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<ConfigReader[]> {
  const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const { items } = await api.list(Workload, workloadsPath(kind, ref.namespace), signal);
      const reading = items.map(async ({ metadata, spec, status }) => {
        const as = howRead(spec.template, ref.name);
        if (as === null) return [];
        const kept = await readKept(api, { kind, metadata, spec }, signal);
        const pods = kind === 'DaemonSet' ? (status.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1);
        return [{ kind, name: metadata.name, pods, serviceTier: tierOf(metadata.labels), as, ...kept }];
      });
      return (await Promise.all(reading)).flat();
    }),
  );
  return found.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}

const Named = z.looseObject({ name: z.string().optional() }).nullish();
const Container = z.looseObject({
  envFrom: z.array(z.looseObject({ configMapRef: Named })).nullish(),
  env: z.array(z.looseObject({ valueFrom: z.looseObject({ configMapKeyRef: Named }).nullish() })).nullish(),
});
const Volume = z.looseObject({
  configMap: Named,
  projected: z.looseObject({ sources: z.array(z.looseObject({ configMap: Named })).nullish() }).nullish(),
});
const PodSpec = z.looseObject({
  containers: z.array(Container),
  initContainers: z.array(Container).nullish(),
  volumes: z.array(Volume).nullish(),
});

/** Variables first: what is read at the start alone decides when a change takes effect. */
function howRead(template: Workload['spec']['template'], name: string): ConfigReader['as'] | null {
  const spec = PodSpec.parse(template.spec);
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const asVariables = containers.some(
    ({ envFrom, env }) =>
      envFrom?.some(({ configMapRef }) => configMapRef?.name === name) ||
      env?.some(({ valueFrom }) => valueFrom?.configMapKeyRef?.name === name),
  );
  if (asVariables) return 'variables';
  const asFiles = spec.volumes?.some(
    ({ configMap, projected }) =>
      configMap?.name === name || projected?.sources?.some((source) => source.configMap?.name === name),
  );
  return asFiles ? 'files' : null;
}
