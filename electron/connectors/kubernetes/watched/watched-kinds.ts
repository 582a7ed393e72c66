import { z } from 'zod';
import { type OwnedMeta, writerOf } from '../field-writer.ts';
import { weightAnnotations } from '../ingress-reader.ts';
import { HttpRoute, Service } from '../surroundings.ts';
import { configuredKind, described } from './configured-kind.ts';
import { type Fields, rememberedValue } from './field-diff.ts';
import { jobs } from './jobs.ts';
import { nodes } from './nodes.ts';
import { pods } from './pods.ts';
import { type Watching, watching } from './watching.ts';

const Texts = z.record(z.string(), z.string());

/** Bookkeeping that looks like configuration: who leads, and the authority that every namespace is given. */
const isBookkeeping = ({ name, annotations }: OwnedMeta): boolean =>
  name === 'kube-root-ca.crt' || Object.hasOwn(annotations, 'control-plane.alpha.kubernetes.io/leader');

/** ConfigMaps: keys and digests; values where they may be seen and are no secrets. */
export const configMaps = (maySeeValues: (namespace: string) => boolean) =>
  configuredKind({
    kind: 'ConfigMap',
    title: 'config maps',
    path: '/api/v1/configmaps',
    change: 'config',
    schema: described({ data: Texts.nullish(), binaryData: Texts.nullish() }),
    maySeeData: ({ metadata }) => maySeeValues(metadata.namespace),
    owned: [['f:data'], ['f:binaryData']],
    comesAndGoes: true,
    fieldsOf({ metadata, data, binaryData }) {
      if (isBookkeeping(metadata)) return null;
      const maySee = maySeeValues(metadata.namespace);
      return Object.fromEntries([
        ...Object.entries(data ?? {}).map(([key, value]) => [key, rememberedValue(key, value, maySee)]),
        ...Object.entries(binaryData ?? {}).map(([key, value]) => [key, rememberedValue(key, value, false)]),
      ]);
    },
    // `checkout-config` of a workload that nothing else names.
    serviceOf: ({ metadata }) =>
      metadata.annotations['countersign.dev/service'] ||
      metadata.labels['app.kubernetes.io/name'] ||
      metadata.labels['app'] ||
      metadata.name.replace(/-(config|configuration|settings|env)(-[bcdfghkmt2456789]{10})?$/, ''),
  });

const replicas = ['f:spec', 'f:replicas'];

/** How many pods a workload is to have, and who says so. */
const scaled = (kind: 'Deployment' | 'StatefulSet', collection: string) =>
  configuredKind({
    kind,
    title: `${collection} (scaling)`,
    path: `/apis/apps/v1/${collection}`,
    change: 'scale',
    schema: described({
      spec: z.object({ replicas: z.number().int().nullish(), paused: z.boolean().nullish() }),
    }),
    owned: [replicas],
    // Any other entry may be younger than what it says of the replicas.
    lastWrite: (metadata) => writerOf(metadata, [replicas], 'scale'),
    comesAndGoes: false,
    fieldsOf: ({ spec }) => ({ replicas: String(spec.replicas ?? 1), paused: String(spec.paused ?? false) }),
    serviceOf: ({ metadata }) => metadata.name,
    sentence({ name }, diff) {
      const [count] = diff.filter(({ path }) => path === 'replicas');
      return count ? `${name} scaled from ${count.before} to ${count.after} replicas` : null;
    },
  });

const autoscalers = configuredKind({
  kind: 'HorizontalPodAutoscaler',
  title: 'autoscalers',
  path: '/apis/autoscaling/v2/horizontalpodautoscalers',
  change: 'scale',
  schema: described({
    spec: z.looseObject({
      scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
      minReplicas: z.number().int().nullish(),
      maxReplicas: z.number().int(),
      metrics: z.unknown().optional(),
      behavior: z.unknown().optional(),
    }),
  }),
  owned: [['f:spec']],
  comesAndGoes: true,
  fieldsOf: ({ spec: { scaleTargetRef, minReplicas, maxReplicas, metrics, behavior } }) => ({
    target: `${scaleTargetRef.kind}/${scaleTargetRef.name}`,
    minReplicas: String(minReplicas ?? 1),
    maxReplicas: String(maxReplicas),
    ...flat('metrics', metrics),
    ...flat('behavior', behavior),
  }),
  serviceOf: ({ spec }) => spec.scaleTargetRef.name,
});

const services = configuredKind({
  kind: 'Service',
  title: 'services',
  path: '/api/v1/services',
  change: 'traffic',
  schema: described({
    spec: Service.shape.spec.unwrap().extend({
      type: z.string().nullish(),
      externalName: z.string().nullish(),
      ports: z.unknown().optional(),
    }),
  }),
  owned: [['f:spec']],
  comesAndGoes: true,
  fieldsOf: ({ spec: { selector, ports, type, externalName } }) => ({
    ...flat('selector', selector),
    ...flat('ports', ports),
    type: type ?? 'ClusterIP',
    ...(externalName ? { externalName } : {}),
  }),
  serviceOf: ({ metadata }) => metadata.name,
});

/** Annotations that lead traffic: weights, canaries, and what controllers rewrite or mirror. */
const leading =
  /^(external-dns\.alpha\.kubernetes\.io|nginx\.ingress\.kubernetes\.io|alb\.ingress\.kubernetes\.io|haproxy\.org|traefik\.ingress\.kubernetes\.io)\//;
const weightNames: Readonly<Record<string, string>> = {
  [weightAnnotations.dns]: 'weight',
  [weightAnnotations.canary]: 'canary-weight',
};

const ingresses = configuredKind({
  kind: 'Ingress',
  title: 'ingresses',
  path: '/apis/networking.k8s.io/v1/ingresses',
  change: 'traffic',
  schema: described({ spec: z.unknown() }),
  owned: [['f:spec'], ['f:metadata', 'f:annotations']],
  comesAndGoes: true,
  fieldsOf: ({ metadata, spec }) => ({
    ...Object.fromEntries(
      Object.entries(metadata.annotations)
        .filter(([name]) => leading.test(name))
        .map(([name, value]) => [weightNames[name] ?? name, rememberedValue(name, value)]),
    ),
    ...flat('spec', spec),
  }),
});

const routes = configuredKind({
  kind: 'HTTPRoute',
  title: 'HTTP routes',
  path: '/apis/gateway.networking.k8s.io/v1/httproutes',
  change: 'traffic',
  schema: described({ spec: z.unknown() }),
  owned: [['f:spec']],
  comesAndGoes: true,
  fieldsOf: ({ spec }) => flat('spec', spec),
  serviceOf({ metadata, spec }) {
    const read = HttpRoute.shape.spec.safeParse(spec);
    const [backend] = read.success ? read.data.rules.flatMap(({ backendRefs }) => backendRefs) : [];
    return (
      metadata.annotations['countersign.dev/service'] ??
      backend?.name.replace(/-(canary|stable|primary)$/, '') ??
      null
    );
  },
});

/** Everything that is watched for what happens to it, beside rollouts and Events. */
export const watchedKinds = (maySeeValues: (namespace: string) => boolean): Watching[] => [
  watching(configMaps(maySeeValues)),
  watching(scaled('Deployment', 'deployments')),
  watching(scaled('StatefulSet', 'statefulsets')),
  watching(autoscalers),
  watching(services),
  watching(ingresses),
  watching(routes),
  watching(nodes),
  watching(pods),
  watching(jobs),
];

const MOST_FIELDS = 300;

/** A value by path, members of lists by their name where they have one; what is too much is left out at the end. */
function flat(path: string, value: unknown): Fields {
  const fields: [string, string][] = [];
  const walk = (at: string, inner: unknown): void => {
    if (inner === null || inner === undefined || fields.length >= MOST_FIELDS) return;
    if (typeof inner !== 'object') {
      fields.push([at, rememberedValue(at, String(inner))]);
      return;
    }
    const entries = Array.isArray(inner)
      ? inner.map((one, index): [string, unknown] => [memberName(one) ?? String(index), one])
      : Object.entries(inner);
    for (const [name, one] of entries) walk(`${at}.${name}`, one);
  };
  walk(path, value);
  return Object.fromEntries(fields);
}

const memberName = (one: unknown): string | null =>
  typeof one === 'object' && one !== null && 'name' in one && typeof one.name === 'string' ? one.name : null;
