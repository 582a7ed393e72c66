import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  templateDiff,
  templateDigest,
  versionOf,
} from '../../../../electron/connectors/kubernetes/pod-template.ts';
import { PodTemplate } from '../../../../electron/connectors/kubernetes/resources.ts';
import { pod } from '../../../fixtures/kubernetes-objects.ts';

const template = (image: string, more: Parameters<typeof pod>[1] = {}) => PodTemplate.parse(pod(image, more));

describe('the digest', () => {
  it('does not count the mark of the ReplicaSet, nor an empty map', () => {
    const plain = PodTemplate.parse({ metadata: { labels: { a: 'b' } }, spec: { containers: [] } });
    const marked = PodTemplate.parse({
      metadata: { creationTimestamp: null, annotations: null, labels: { a: 'b', 'pod-template-hash': 'x' } },
      spec: { containers: [] },
    });
    expect(templateDigest(marked)).toBe(templateDigest(plain));
    expect(templateDigest(plain)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('changes with every field of the spec, also one that is not known here, and not with the order of members', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { maxKeys: 5 }),
        fc.jsonValue(),
        (fields, value) => {
          const make = (spec: object) =>
            PodTemplate.parse({ metadata: {}, spec: { ...spec, containers: [] } });
          const before = make(fields);
          expect(templateDigest(make(Object.fromEntries(Object.entries(fields).reverse())))).toBe(
            templateDigest(before),
          );
          expect(templateDigest(make({ ...fields, 'of-a-newer-kubernetes': [value] }))).not.toBe(
            templateDigest(before),
          );
        },
      ),
    );
  });
});

it.each([
  ['registry.example:5000/shop/checkout:1.42.0', {}, '1.42.0'],
  ['checkout:1.42.0@sha256:abc', {}, '1.42.0'],
  ['registry.example:5000/checkout', {}, null],
  ['checkout@sha256:abc', {}, null],
  ['checkout:latest', { version: 'v7' }, 'v7'],
])('calls %s by its version', (image, more, version) =>
  expect(versionOf(template(image, more))).toBe(version),
);

describe('the difference of two templates', () => {
  it('names containers and variables, and puts the image first', () => {
    const before = template('c:1', { env: { POOL: '20', OLD: 'x' }, version: '1' });
    const after = template('c:2', { env: { POOL: '5', NEW: 'y' }, version: '2' });
    expect(templateDiff(before, after)).toEqual([
      { path: 'containers.app.image', before: 'c:1', after: 'c:2' },
      { path: 'containers.app.env.NEW', before: null, after: 'y' },
      { path: 'containers.app.env.OLD', before: 'x', after: null },
      { path: 'containers.app.env.POOL', before: '20', after: '5' },
      { path: 'labels.version', before: '1', after: '2' },
    ]);
  });

  it('is empty for the same template and never for another digest', () => {
    const any = fc.record({
      image: fc.constantFrom('c:1', 'c:2'),
      env: fc.dictionary(fc.constantFrom('A', 'B'), fc.string()),
    });
    fc.assert(
      fc.property(any, any, (one, other) => {
        const [before, after] = [
          template(one.image, { env: one.env }),
          template(other.image, { env: other.env }),
        ];
        expect(templateDiff(before, before)).toEqual([]);
        if (templateDigest(before) === templateDigest(after)) expect(templateDiff(before, after)).toEqual([]);
      }),
    );
  });

  it('says that a secret in a plain variable changed without showing it', () => {
    const env = {
      DB_PASSWORD: 'hunter2',
      STRIPE_API_KEY: 'sk-1',
      DATABASE_URL: 'postgres://ops:geheim@db/shop',
    };
    const changed = {
      DB_PASSWORD: 'hunter3',
      STRIPE_API_KEY: 'sk-2',
      DATABASE_URL: 'postgres://ops:anders@db2/shop',
    };
    const text = JSON.stringify(templateDiff(template('c:1', { env }), template('c:1', { env: changed })));
    for (const secret of ['hunter', 'sk-', 'geheim', 'anders']) expect(text).not.toContain(secret);
    expect(text).toContain('DB_PASSWORD');
    expect(text).toContain('db2/shop');
  });

  it('is bounded', () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`V${index}`, 'x'.repeat(10_000)]),
    );
    const diff = templateDiff(template('c:1'), template('c:1', { env: many }));
    expect(diff).toHaveLength(100);
    expect(diff.every(({ after }) => (after?.length ?? 0) <= 300)).toBe(true);
  });
});
