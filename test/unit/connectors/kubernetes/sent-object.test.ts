import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type MayShow, sentObject } from '../../../../electron/connectors/kubernetes/sent-object.ts';

const read = (object: unknown, may?: MayShow): unknown => JSON.parse(sentObject(object, may));
const SECRET = 'hunter2-geheim';
const container = (more: object) => ({ spec: { containers: [{ name: 'app', image: 'a:1', ...more }] } });
const annotated = (annotations: Record<string, string>, more: object = {}) => ({
  metadata: { name: 'x', annotations },
  ...more,
});

it.each<[string, unknown, MayShow?]>([
  ['a variable, whatever it is called', container({ env: [{ name: 'COLOUR', value: SECRET }] })],
  [
    'a variable of a template',
    { spec: { template: container({ env: [{ name: 'DB_PASSWORD', value: SECRET }] }) } },
    { variables: new Set(['containers.app.env.OTHER']) },
  ],
  [
    'a header of a probe',
    container({ livenessProbe: { httpGet: { httpHeaders: [{ name: 'X-A', value: SECRET }] } } }),
  ],
  ['an argument after one that names it', container({ args: ['--password', SECRET, '--verbose'] })],
  ['data that may not be seen', { data: { mode: SECRET } }],
  ['data named like a secret, though data may be seen', { data: { 'db.password': SECRET } }, { data: true }],
  ['an address with credentials in data', { data: { url: `postgres://a:${SECRET}@db/x` } }, { data: true }],
  ['binary data, whatever may be seen', { binaryData: { blob: SECRET } }, { data: true }],
  [
    'a copy of the object as kubectl keeps it',
    annotated({ 'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"mode":"${SECRET}"}}` }),
  ],
  [
    'a copy of the object under any name',
    annotated({ 'example.com/mine': `{"kind":"ConfigMap","data":{"mode":"${SECRET}"}}` }),
  ],
  [
    'an annotation of a config map that may not be seen',
    annotated({ note: SECRET }, { data: { mode: 'a' } }),
  ],
  ['an annotation named like a secret', annotated({ 'example.com/api-token': SECRET })],
  [
    'an annotation that is to be left out',
    annotated({ before: SECRET }, {}),
    {
      withoutAnnotations: new Set(['before']),
    },
  ],
  [
    'what lies too deep to be looked at',
    Array.from({ length: 80 }).reduce<unknown>((inner) => ({ a: inner }), SECRET),
  ],
])('does not show %s', (_case, object, may) => {
  expect(sentObject(object, may)).not.toContain(SECRET);
});

it('shows what was sent, without who owns which field', () => {
  const object = {
    metadata: {
      name: 'checkout',
      managedFields: [{ manager: 'kubectl', time: '2026-03-01T11:59:00Z', fieldsV1: { 'f:spec': {} } }],
    },
    spec: { replicas: 4, paused: false, containers: [{ name: 'app', image: 'a:2', args: ['--size', '4'] }] },
    status: { images: [{ names: ['a'] }], ready: 3 },
  };
  expect(read(object)).toEqual({
    metadata: { name: 'checkout', managedFields: [{ manager: 'kubectl', time: '2026-03-01T11:59:00Z' }] },
    spec: object.spec,
    status: { ready: 3 },
  });
});

it('shows a variable that a difference names, and data that may be seen', () => {
  const object = {
    data: { 'pool.size': '4' },
    spec: {
      template: container({
        env: [
          { name: 'POOL', value: '4' },
          { name: 'OTHER', value: '5' },
        ],
      }),
    },
  };
  expect(read(object, { data: true, variables: new Set(['containers.app.env.POOL']) })).toMatchObject({
    data: { 'pool.size': '4' },
    spec: {
      template: {
        spec: {
          containers: [
            {
              env: [
                { name: 'POOL', value: '4' },
                { name: 'OTHER', value: '(hidden)' },
              ],
            },
          ],
        },
      },
    },
  });
});

it('tells data that may not be seen by its digest, and what is long by its beginning and digest', () => {
  expect(read({ data: { mode: 'slow' } })).toEqual({
    data: { mode: expect.stringMatching(/^sha256:[0-9a-f]{16}$/) },
  });
  const { data } = read({ data: { nginx: 'y'.repeat(20_000) } }, { data: true }) as {
    data: { nginx: string };
  };
  expect(data.nginx).toMatch(/^y{8000}… \(20000 characters, sha256:[0-9a-f]{16}\)$/);
});

it('makes JSON of whatever a server sends', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      expect(() => read(value)).not.toThrow();
    }),
  );
});
