import { expect, it } from 'vitest';
import type { ConfigMap, KubernetesEvent } from '../../../electron/sandbox/cluster/objects.ts';
import { fieldSelector, labelSelector } from '../../../electron/sandbox/kubernetes/selectors.ts';

const labelled = (labels: Record<string, string>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-03-01T00:00:00Z', labels },
  data: {},
});

it.each([
  ['', true],
  ['app=web', true],
  ['app==web,tier=1', true],
  ['app!=web', false],
  ['missing!=web', true],
  ['app in (api, web)', true],
  ['app notin (api),tier', true],
  ['missing notin (x)', true],
  ['!app', false],
  ['!missing', true],
  ['example.com/team=a', true],
])('labels match %j: %s', (selector, expected) => {
  expect(labelSelector(selector)(labelled({ app: 'web', tier: '1', 'example.com/team': 'a' }))).toBe(
    expected,
  );
});

it.each(['a in b', '=x', 'a=b=c', 'a in (b', '!!a'])('refuses the label selector %j', (selector) => {
  expect(() => labelSelector(selector)).toThrow(expect.objectContaining({ code: 400 }));
});

const event = {
  ...labelled({}),
  kind: 'Event',
  involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' },
  reason: 'Scaled',
  source: { component: 'kubectl' },
} as unknown as KubernetesEvent;

it.each([
  ['involvedObject.name=web', true],
  ['involvedObject.kind=Deployment,involvedObject.name!=api', true],
  ['reason=Scaled,source=kubectl', true],
  ['metadata.name==d', false],
])('fields match %j: %s', (selector, expected) => {
  expect(fieldSelector(selector, 'Event')(event)).toBe(expected);
});

it.each([
  ['involvedObject.name=x', 'Pod'],
  ['spec.replicas=3', 'Deployment'],
  ['nonsense', 'Event'],
] as const)('refuses the field selector %j of a %s', (selector, kind) => {
  expect(() => fieldSelector(selector, kind)).toThrow(expect.objectContaining({ code: 400 }));
});
