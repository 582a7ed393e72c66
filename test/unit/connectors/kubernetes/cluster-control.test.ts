import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { kubernetes } from '../../../../electron/connectors/kubernetes/kubernetes.ts';
import { templateDigest } from '../../../../electron/connectors/kubernetes/pod-template.ts';
import { PodTemplate } from '../../../../electron/connectors/kubernetes/resources.ts';
import type { ClusterControl } from '../../../../electron/connectors/source.ts';
import { deployment, pod, replicaSet } from '../../../fixtures/kubernetes-objects.ts';
import { type Received, sendJson, type TinyServer, tinyServer } from '../../../fixtures/tiny-server.ts';

let server: TinyServer | undefined;
afterEach(() => server?.close());

const calm = () => new AbortController().signal;
const ref = { namespace: 'shop', name: 'checkout' };
const intent = { intent: 'int-0042', dryRun: false };
const now = deployment({ revision: 7, annotations: { 'kubernetes.io/change-cause': 'a new cache' } });
const sets = [
  replicaSet({
    revision: 6,
    created: '2026-02-20T08:00:00Z',
    annotations: { 'kubernetes.io/change-cause': 'the old cache' },
  }),
  replicaSet({ revision: 7, created: '2026-03-01T10:31:00Z' }),
];
const scale = (replicas: number) => ({
  metadata: { name: 'checkout', uid: 'dep-1', resourceVersion: '31' },
  spec: { replicas },
});
const rollTo = (revision: number) => ({
  revision,
  expected: { uid: 'dep-1', templateDigest: templateDigest(PodTemplate.parse(now.spec.template)) },
});
const scaleTo = (replicas: number) => ({ replicas, expected: { uid: 'dep-1', replicas: 3 } });
const rolledBack = { ...now, spec: { ...now.spec, template: pod('registry.example/checkout:1.6.0') } };

/** A cluster with one Deployment, whose answer to the write is the test's. */
async function onCluster(
  answer: (request: Received, response: ServerResponse) => void,
  facts: { deployment?: object } = {},
): Promise<ClusterControl> {
  server = await tinyServer((request, response) => {
    if (request.method === 'PATCH') return answer(request, response);
    if (request.url.includes('/scale')) return sendJson(response, scale(3));
    if (request.url.includes('/replicasets'))
      return sendJson(response, { metadata: { resourceVersion: '1' }, items: sets });
    return sendJson(response, facts.deployment ?? now);
  });
  const { control } = kubernetes({ id: 'k', name: 'k', access: { server: server.url, token: 'tok-geheim' } });
  if (!control) throw new Error('a cluster can be changed');
  return control;
}

const writes = () => server?.received.filter(({ method }) => method !== 'GET') ?? [];

describe('a roll-back', () => {
  it('is one request: the whole template of the revision, tied to what was read, in the name of the intent', async () => {
    const control = await onCluster((_request, response) => sendJson(response, rolledBack));
    expect(await control.rollTo(ref, rollTo(6), intent, calm())).toEqual({
      kind: 'applied',
      sentence: 'shop/checkout has the pod template of revision 6 (1.6.0)',
    });
    expect(writes()).toHaveLength(1);
    const [write] = writes();
    expect(write?.url).toBe('/apis/apps/v1/namespaces/shop/deployments/checkout?fieldManager=int-0042');
    expect(write?.headers['content-type']).toBe('application/json-patch+json');
    const template = pod('registry.example/checkout:1.6.0');
    expect(JSON.parse(write?.body ?? '')).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'dep-1' },
      { op: 'test', path: '/metadata/generation', value: 9 },
      { op: 'replace', path: '/spec/template', value: template },
      { op: 'add', path: '/metadata/annotations/kubernetes.io~1change-cause', value: 'the old cache' },
    ]);
  });

  it('keeps fields of the template that are not known here', async () => {
    const [old] = sets;
    if (!old) throw new Error('there is one');
    const original = old.spec.template;
    old.spec.template = {
      ...original,
      spec: { ...original.spec, ofANewerKubernetes: { deep: [1] } },
    } as typeof original;
    const control = await onCluster((_request, response) => sendJson(response, rolledBack));
    await control.rollTo(ref, rollTo(6), intent, calm());
    old.spec.template = original;
    expect(writes()[0]?.body).toContain('"ofANewerKubernetes":{"deep":[1]}');
  });

  it('does nothing to a paused Deployment', async () => {
    const control = await onCluster((_request, response) => sendJson(response, rolledBack), {
      deployment: deployment({ revision: 7, paused: true }),
    });
    expect(await control.rollTo(ref, rollTo(6), intent, calm())).toMatchObject({
      kind: 'not-applied',
      because: expect.stringContaining('paused'),
    });
    expect(writes()).toEqual([]);
  });

  it('asks the server to change nothing in a trial run', async () => {
    const control = await onCluster((_request, response) => sendJson(response, rolledBack));
    expect(await control.rollTo(ref, rollTo(6), { ...intent, dryRun: true }, calm())).toMatchObject({
      sentence: expect.stringContaining('trial run'),
    });
    expect(writes()[0]?.url).toContain('dryRun=All');
  });
});

it('scales by the scale subresource, tied to the object that was read', async () => {
  const control = await onCluster((_request, response) => sendJson(response, scale(0)));
  expect(await control.scaleTo(ref, scaleTo(0), intent, calm())).toMatchObject({ kind: 'applied' });
  expect(writes()).toHaveLength(1);
  expect(writes()[0]).toMatchObject({
    url: '/apis/apps/v1/namespaces/shop/deployments/checkout/scale?fieldManager=int-0042',
    body: '{"metadata":{"uid":"dep-1","resourceVersion":"31"},"spec":{"replicas":0}}',
  });
  expect(writes()[0]?.headers['content-type']).toBe('application/merge-patch+json');
});

describe('what became of a write', () => {
  const status = (code: number) => (_request: Received, response: ServerResponse) =>
    sendJson(response, { kind: 'Status', code, message: `words of ${code}, Bearer tok-geheim` }, code);

  it.each([400, 401, 403, 404, 409, 422, 429])(
    'is that it was not applied after %i, with the words of the server',
    async (code) => {
      const control = await onCluster(status(code));
      for (const result of [
        await control.rollTo(ref, rollTo(6), intent, calm()),
        await control.scaleTo(ref, scaleTo(1), intent, calm()),
      ]) {
        expect(result).toMatchObject({
          kind: 'not-applied',
          because: expect.stringContaining(`words of ${code}`),
        });
        expect(JSON.stringify(result)).not.toContain('geheim');
      }
      expect(writes()).toHaveLength(2);
    },
  );

  it.each([
    ['500', status(500)],
    ['503', status(503)],
    ['504', status(504)],
    [
      'a redirect',
      (_request: Received, response: ServerResponse) =>
        response.writeHead(307, { location: '/elsewhere' }).end(),
    ],
    [
      'a login page',
      (_request: Received, response: ServerResponse) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    ],
    [
      'half an answer',
      (_request: Received, response: ServerResponse) => response.writeHead(200).end('{"metadata":'),
    ],
    [
      'an answer that does not show the change',
      (_request: Received, response: ServerResponse) => sendJson(response, now),
    ],
    [
      'an answer about another object',
      (_request: Received, response: ServerResponse) =>
        sendJson(response, { ...rolledBack, metadata: { ...now.metadata, uid: 'dep-2' } }),
    ],
    [
      'a connection that breaks',
      (_request: Received, response: ServerResponse) => response.socket?.destroy(),
    ],
  ])('is unknown after %s, and it is not sent again', async (_case, answer) => {
    const control = await onCluster((request, response) => void answer(request, response));
    expect(await control.rollTo(ref, rollTo(6), intent, calm())).toMatchObject({ kind: 'unknown' });
    expect(await control.scaleTo(ref, scaleTo(1), intent, calm())).toMatchObject({ kind: 'unknown' });
    expect(writes()).toHaveLength(2);
  });

  it('is unknown when it was cancelled on its way, and not applied when it was cancelled before', async () => {
    const hurry = new AbortController();
    const control = await onCluster(() => hurry.abort());
    expect(await control.rollTo(ref, rollTo(6), intent, hurry.signal)).toMatchObject({ kind: 'unknown' });
    expect(await control.rollTo(ref, rollTo(6), intent, hurry.signal)).toMatchObject({ kind: 'not-applied' });
    expect(writes()).toHaveLength(1);
  });

  it('is that it was not applied when nobody listens', async () => {
    const control = await onCluster((_request, response) => sendJson(response, rolledBack));
    await server?.close();
    expect(await control.rollTo(ref, rollTo(6), intent, calm())).toMatchObject({
      kind: 'not-applied',
      because: expect.stringContaining('Nothing was sent'),
    });
  });
});

it('does not send a write without an intent that can be found again', async () => {
  const control = await onCluster((_request, response) => sendJson(response, rolledBack));
  for (const id of ['', 'x'.repeat(129)]) {
    await expect(control.rollTo(ref, rollTo(6), { intent: id, dryRun: false }, calm())).rejects.toThrow(
      'intent id',
    );
  }
  expect(writes()).toEqual([]);
});
