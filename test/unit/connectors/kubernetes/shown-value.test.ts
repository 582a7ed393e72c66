import { expect, it } from 'vitest';
import { shownField, shownText } from '../../../../electron/connectors/kubernetes/shown-value.ts';

const container = ['spec', 'template', 'spec', 'containers', 'web'];

it.each([
  ['the value of a variable', [...container, 'env', 'MODE', 'value'], 'fast', undefined, '(hidden)'],
  [
    'a header of a probe',
    [...container, 'livenessProbe', 'httpGet', 'httpHeaders', 'X', 'value'],
    'y',
    undefined,
    '(hidden)',
  ],
  ['a setting that is named like a secret', ['data', 'db.password'], 'hunter2', undefined, '(hidden)'],
  ['binary settings', ['binaryData', 'keystore'], 'AAAA', undefined, '(hidden)'],
  [
    'an annotation that is named like a secret',
    ['metadata', 'annotations', 'ci/token'],
    'x',
    undefined,
    '(hidden)',
  ],
  [
    'the argument after one that names a secret',
    [...container, 'args', '1'],
    'hunter2',
    '--password',
    '(hidden)',
  ],
  [
    'an argument with its secret',
    [...container, 'args', '0'],
    '--api-key=hunter2',
    undefined,
    '--api-key=(hidden)',
  ],
  [
    'credentials in an address',
    ['data', 'url'],
    'postgres://u:p@db/x',
    undefined,
    'postgres://(hidden)@db/x',
  ],
  ['a script', [...container, 'command', '2'], 'PGPASSWORD=hunter2 psql', undefined, 'PGPASSWORD=(hidden)'],
  ['an image', [...container, 'image'], 'shop/web:1.2', undefined, 'shop/web:1.2'],
  [
    'a reference to a Secret, which is only a name',
    [...container, 'env', 'P', 'valueFrom', 'secretKeyRef', 'key'],
    'pw',
    undefined,
    'pw',
  ],
])('shows %s as it may be shown', (_case, path, value, before, shown) => {
  expect(shownField(path, value, before)).toBe(shown);
});

it('bounds what it shows', () => {
  expect(shownText('x'.repeat(1_000_000))).toHaveLength(300);
});
