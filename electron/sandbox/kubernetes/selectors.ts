import type { KubernetesObject } from '../cluster/objects.ts';
import { badRequest } from './status.ts';

export type Test = (object: KubernetesObject) => boolean;

/** `a=b,c!=d,e in (f,g),h notin (i),j,!k` (Kubernetes documentation, "Labels and Selectors"). */
export function labelSelector(text: string): Test {
  const tests = splitOutsideParentheses(text).map(labelRequirement);
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}));
}

type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

function labelRequirement(part: string): LabelTest {
  const unparsable = () => badRequest(`unable to parse requirement: ${JSON.stringify(part)}`);
  const set = /^(\S+)\s+(in|notin)\s+\(([^()]*)\)$/.exec(part);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = new Set(list.split(',').map((value) => value.trim()));
    const isIn = (labels: Readonly<Record<string, string>>) =>
      Object.hasOwn(labels, key) && values.has(labels[key] ?? '');
    return operator === 'in' ? isIn : (labels) => !isIn(labels);
  }
  const equality = /^([^!=\s]+)\s*(==|=|!=)\s*([^!=\s]*)$/.exec(part);
  if (equality) {
    const [, key = '', operator, value = ''] = equality;
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  const exists = /^(!?)\s*([A-Za-z0-9][-A-Za-z0-9_./]*)$/.exec(part);
  if (!exists) throw unparsable();
  const [, not, key = ''] = exists;
  return (labels) => Object.hasOwn(labels, key) !== (not === '!');
}

const splitOutsideParentheses = (text: string): string[] =>
  text
    .split(/,(?![^()]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Fields every kind has, and those Events and Pods add; another field is refused, as the real server does. */
export function fieldSelector(text: string, kind: KubernetesObject['kind']): Test {
  const tests = text
    .split(',')
    .filter((part) => part !== '')
    .map((part): Test => {
      const [, field = '', operator, value = ''] = /^([^!=]+?)(==|=|!=)(.*)$/.exec(part) ?? [];
      if (operator === undefined) throw badRequest(`invalid field selector ${JSON.stringify(part)}`);
      if (!isSelectable(field, kind)) {
        throw badRequest(`field label not supported: ${field}`);
      }
      return (object) => (valueAt(object, field) === value) === (operator !== '!=');
    });
  return (object) => tests.every((test) => test(object));
}

/** The one object that a field selector can mean, if it names one: rules may be about single objects. */
export const nameIn = (text: string): string | undefined =>
  text
    .split(',')
    .map((part) => /^metadata\.name==?([^=]+)$/.exec(part)?.[1])
    .find((name) => name !== undefined);

/** Beyond name and namespace (pkg/apis of Kubernetes, `AddFieldLabelConversionFunc`). */
const selectable: { readonly [K in KubernetesObject['kind']]?: readonly string[] } = {
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  Job: ['status.successful'],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  ReplicaSet: ['status.replicas'],
  Secret: ['type'],
};

const isSelectable = (field: string, kind: KubernetesObject['kind']): boolean =>
  field === 'metadata.name' || field === 'metadata.namespace' || (selectable[kind]?.includes(field) ?? false);

/** What the server takes for a field that an object leaves out. */
const absent: Readonly<Record<string, string>> = {
  'spec.unschedulable': 'false',
  'spec.hostNetwork': 'false',
  'spec.schedulerName': 'default-scheduler',
  'status.successful': '0',
};

function valueAt(object: KubernetesObject, field: string): string {
  const path =
    field === 'source'
      ? ['source', 'component']
      : field === 'status.successful'
        ? ['status', 'succeeded']
        : field.split('.');
  let value: unknown = object;
  for (const name of path) {
    value =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }
  if (value === undefined) return absent[field] ?? '';
  return typeof value === 'object' ? '' : String(value);
}
