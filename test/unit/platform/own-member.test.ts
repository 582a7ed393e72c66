import { expect, it } from 'vitest';
import { ownMember } from '../../../electron/platform/own-member.ts';

it.each([
  ['is found', { version: 'blue' }, 'version', 'blue'],
  ['that is absent is nothing', { version: 'blue' }, 'color', undefined],
  ['that every object inherits is nothing', { version: 'blue' }, 'constructor', undefined],
  ['that every object inherits is found where it was sent', { constructor: 'blue' }, 'constructor', 'blue'],
  ['that names the prototype is nothing', { version: 'blue' }, '__proto__', undefined],
  [
    'that names the prototype is found where it was sent',
    JSON.parse('{"__proto__":"blue"}'),
    '__proto__',
    'blue',
  ],
  ['of what is null is nothing', null, 'version', undefined],
  ['of what is absent is nothing', undefined, 'version', undefined],
])('a member %s', (_case, members, name, found) => expect(ownMember<unknown>(members, name)).toBe(found));
