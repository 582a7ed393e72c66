import type { PodTemplate } from '../cluster/meta.ts';
import type { KubernetesObject } from '../cluster/objects.ts';
import { isEqual, type Json } from './patch.ts';
import type { Cause } from './status.ts';

/** More than a drill's cluster has room for. */
const maxReplicas = 200;

/** What is wrong with an object that has the right shape, in the words of the API server's own validation. */
export function brokenRules(current: KubernetesObject, wanted: KubernetesObject): Cause[] {
  switch (wanted.kind) {
    case 'Deployment':
      return [...ofReplicas(wanted.spec.replicas), ...ofSelector(current, wanted), ...ofTemplate(wanted)];
    case 'DaemonSet':
      return [...ofSelector(current, wanted), ...ofTemplate(wanted)];
    case 'StatefulSet':
      return [...ofReplicas(wanted.spec.replicas), ...ofStatefulSpec(current, wanted), ...ofTemplate(wanted)];
    case 'HorizontalPodAutoscaler':
      return wanted.spec.maxReplicas >= wanted.spec.minReplicas
        ? []
        : [
            wrong(
              'spec.maxReplicas',
              wanted.spec.maxReplicas,
              'must be greater than or equal to `minReplicas`',
            ),
          ];
    default:
      return [];
  }
}

const wrong = (field: string, value: unknown, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  field,
});

function ofReplicas(replicas: number): Cause[] {
  if (replicas < 0) return [wrong('spec.replicas', replicas, 'must be greater than or equal to 0')];
  if (replicas <= maxReplicas) return [];
  return [wrong('spec.replicas', replicas, `this simulated cluster has room for ${maxReplicas}`)];
}

const specOf = (object: KubernetesObject): Readonly<Record<string, unknown>> =>
  'spec' in object ? { ...(object.spec as object) } : {};

type WithTemplate = {
  spec: { selector: { matchLabels: Record<string, string> }; template: PodTemplate };
};

function ofSelector(current: KubernetesObject, { spec }: WithTemplate): Cause[] {
  const before = specOf(current)['selector'];
  return isEqual(spec.selector as Json, before as Json)
    ? []
    : [wrong('spec.selector', spec.selector, 'field is immutable')];
}

function ofTemplate({ spec }: WithTemplate): Cause[] {
  const causes: Cause[] = [];
  const labels = spec.template.metadata.labels ?? {};
  if (Object.entries(spec.selector.matchLabels).some(([label, value]) => labels[label] !== value)) {
    const why = '`selector` does not match template `labels`';
    causes.push(wrong('spec.template.metadata.labels', labels, why));
  }
  const names = spec.template.spec.containers.map((container) => container.name);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    const field = `spec.template.spec.containers[${index}].name`;
    const message = `Duplicate value: ${JSON.stringify(name)}`;
    causes.push({ reason: 'FieldValueDuplicate', message, field });
  }
  return causes;
}

/** All else in a StatefulSet decides on names and disks of pods that exist. */
const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function ofStatefulSpec(current: KubernetesObject, wanted: KubernetesObject): Cause[] {
  const fixed = (object: KubernetesObject) =>
    Object.fromEntries(
      Object.entries(specOf(object)).filter(([field]) => !changeable.includes(field)),
    ) as Json;
  if (isEqual(fixed(current), fixed(wanted))) return [];
  const fields = `${changeable
    .slice(0, -1)
    .map((field) => `'${field}'`)
    .join(', ')} and '${changeable.at(-1)}'`;
  return [
    {
      reason: 'FieldValueForbidden',
      message: `Forbidden: updates to statefulset spec for fields other than ${fields} are forbidden`,
      field: 'spec',
    },
  ];
}
