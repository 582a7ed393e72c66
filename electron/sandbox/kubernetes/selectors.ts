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

function isSelectable(field: string, kind: KubernetesObject['kind']): boolean {
  if (field === 'metadata.name' || field === 'metadata.namespace') return true;
  if (kind === 'Event') {
    return (
      /^involvedObject\.(kind|namespace|name|uid|apiVersion|resourceVersion|fieldPath)$/.test(field) ||
      ['reason', 'reportingComponent', 'source', 'type'].includes(field)
    );
  }
  return kind === 'Pod' && ['spec.nodeName', 'status.phase', 'status.podIP'].includes(field);
}

function valueAt(object: KubernetesObject, field: string): string {
  const path = field === 'source' ? ['source', 'component'] : field.split('.');
  let value: unknown = object;
  for (const name of path) {
    value =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }
  return typeof value === 'string' ? value : '';
}
