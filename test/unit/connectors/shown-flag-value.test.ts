import { expect, it } from 'vitest';
import { changedFields } from '../../../electron/connectors/changed-fields.ts';
import { shownFlagValue } from '../../../electron/connectors/shown-flag-value.ts';

it.each([
  ['a plain value', 'variant red', '#f00', '#f00'],
  ['a variant that is named like a secret', 'variant api-key', 'sk-123', '(hidden)'],
  ['an address with a password', 'variant db', 'postgres://app:hush@db/1', 'postgres://(hidden)@db/1'],
  [
    'a member that is named like one',
    'variant a',
    '{"url":"x","apiToken":"hush \\" on"}',
    '{"url":"x","apiToken":"(hidden)"}',
  ],
  ['a switch, whatever it is called', 'variation new-token', 'true', 'true'],
  [
    'a rule that only asks for a key',
    'targeting',
    '{"in":[{"var":"targetingKey"},["a"]]}',
    '{"in":[{"var":"targetingKey"},["a"]]}',
  ],
])('shows or hides %s', (_case, path, text, shown) => expect(shownFlagValue(path, text)).toBe(shown));

it('tells that a secret was changed, and neither from what nor to what', () => {
  const [before, after] = ['one', 'two'].map((secret) => new Map([['variant password', secret]]));
  expect(changedFields(before ?? new Map(), after ?? new Map())).toEqual([
    { path: 'variant password', before: '(hidden)', after: '(hidden)' },
  ]);
});
