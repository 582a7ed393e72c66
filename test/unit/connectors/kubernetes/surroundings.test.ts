import { describe, expect, it } from 'vitest';
import { soundsLikeBackup } from '../../../../electron/connectors/kubernetes/backup-reader.ts';
import { keepsData } from '../../../../electron/connectors/kubernetes/data-marks.ts';
import { staysOnNode, workloadOf } from '../../../../electron/connectors/kubernetes/pod-owner.ts';
import { PodTemplate } from '../../../../electron/connectors/kubernetes/resources.ts';
import { Pod, Selector, selects } from '../../../../electron/connectors/kubernetes/surroundings.ts';

describe('a label selector', () => {
  const labels = { app: 'web', version: '1.1.0' };
  it.each<[string, object, boolean]>([
    ['everything where it asks for nothing', {}, true],
    ['a value that is there', { matchLabels: { app: 'web' } }, true],
    ['no other value', { matchLabels: { app: 'cart' } }, false],
    ['no label that is missing', { matchLabels: { tier: '1' } }, false],
    ['no label that every object inherits', { matchLabels: { toString: 'x' } }, false],
    [
      'one of several values',
      { matchExpressions: [{ key: 'app', operator: 'In', values: ['cart', 'web'] }] },
      true,
    ],
    [
      'none of several values',
      { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] },
      false,
    ],
    [
      'a label that is missing as not one of them',
      { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['y'] }] },
      true,
    ],
    ['a label that is there', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
    ['a label that is not', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
    [
      'only what all of it asks for',
      { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'version', operator: 'In', values: ['2'] }] },
      false,
    ],
  ])('finds %s', (_case, selector, found) => {
    expect(selects(Selector.parse(selector), labels)).toBe(found);
  });
});

const template = (image: string, more: object = {}, labels = {}) =>
  PodTemplate.parse({ metadata: { labels }, spec: { containers: [{ name: 'c', image }], ...more } });

describe('data is kept', () => {
  it.each<[string, Record<string, string>, PodTemplate, boolean]>([
    ['by nothing that only serves', {}, template('registry.example/checkout:1.7.0'), false],
    [
      'by a database of a common image',
      {},
      template('registry.example:5000/library/postgres:16.4@sha256:ab'),
      true,
    ],
    ['by no image that only speaks of one', {}, template('registry.example/postgres-exporter:1'), false],
    ['by the name that charts give', { 'app.kubernetes.io/name': 'redis' }, template('x'), true],
    ['by the component that charts give', { 'app.kubernetes.io/component': 'database' }, template('x'), true],
    ['by labels of the pods too', {}, template('x', {}, { 'app.kubernetes.io/name': 'kafka' }), true],
    [
      'by a claimed volume',
      {},
      template('x', { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'd' } }] }),
      true,
    ],
    [
      'by no other volume',
      {},
      template('x', {
        volumes: [
          { name: 'tmp', emptyDir: {} },
          { name: 'c', configMap: {} },
        ],
      }),
      false,
    ],
  ])('%s', (_case, labels, given, kept) => expect(keepsData(labels, given)).toBe(kept));
});

it.each([
  ['shop-db-backup', true],
  ['backup.postgres.example/server', true],
  ['registry.example/pg-backup:2.1', true],
  ['nightly-pgdump', true],
  ['send-newsletter', false],
])('tells by its name whether %s is a backup', (name, is) => expect(soundsLikeBackup([name])).toBe(is));

describe('a pod', () => {
  const owned = (kind: string, name: string, labels = {}, annotations = {}) =>
    Pod.parse({
      metadata: {
        name: 'p',
        uid: 'u',
        creationTimestamp: '2026-01-01T00:00:00Z',
        labels,
        annotations,
        ownerReferences: [{ kind, name, uid: 'o', controller: true }],
      },
      spec: {},
    });
  it.each<[string, Pod, string, string, boolean]>([
    [
      'a Deployment',
      owned('ReplicaSet', 'web-7d4f', { 'pod-template-hash': '7d4f' }),
      'Deployment',
      'web',
      false,
    ],
    ['a ReplicaSet of nobody', owned('ReplicaSet', 'web-7d4f'), 'ReplicaSet', 'web-7d4f', false],
    ['a StatefulSet', owned('StatefulSet', 'db'), 'StatefulSet', 'db', false],
    ['a DaemonSet', owned('DaemonSet', 'exporter'), 'DaemonSet', 'exporter', true],
    ['its node', owned('Node', 'node-a1'), 'Node', 'node-a1', true],
    [
      'the kubelet',
      owned('Node', 'node-a1', {}, { 'kubernetes.io/config.mirror': 'x' }),
      'Node',
      'node-a1',
      true,
    ],
  ])('belongs to %s', (_case, pod, kind, workload, stays) => {
    expect(workloadOf(pod)).toMatchObject({ kind, workload });
    expect(staysOnNode(pod)).toBe(stays);
  });
});
