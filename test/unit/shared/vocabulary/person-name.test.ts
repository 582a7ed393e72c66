import { expect, it } from 'vitest';
import { lookAlike, PersonName } from '../../../../shared/vocabulary/person-name.ts';

it.each([
  ['Ada', 'Ada'],
  ['  Ada   Lovelace ', 'Ada Lovelace'],
  ["Miriam O'Neil-Brown", "Miriam O'Neil-Brown"],
  ['José', 'José'.normalize('NFC')],
  ['Ａｄａ', 'Ada'],
  ['Анна Иванова', 'Анна Иванова'],
  ['山田 太郎', '山田 太郎'],
  ['root', 'root'],
  ['svc_user-1@ops', 'svc_user-1@ops'],
])('keeps %j as %j', (given, kept) => {
  expect(PersonName.parse(given)).toBe(kept);
});

it.each([
  ['nothing', '   '],
  ['more than anybody reads', 'a'.repeat(81)],
  ['two scripts', 'Mіna'],
  ['two scripts across words', 'Ada Иванова'],
  ['a joiner that nobody sees', 'Mi\u200dna'],
  ['a mark that turns the text around', 'Mina\u202etxt'],
  ['a line break', 'Mina\nBob'.replace('\n', '\u2028x\u0000')],
  ['signs of a shell', 'Mina; rm'],
  ['a tag', '<b>Mina</b>'],
  ['the name of the machine', 'Countersign'],
  ['the name of the machine, nearly', 'SystEm'],
  ['an emoji', 'Mina 👍'],
])('refuses %s', (_what, given) => {
  expect(PersonName.safeParse(given).success).toBe(false);
});

it.each([
  ['Mina', 'mina'],
  ['Mina', 'M ina'],
  ['Mina', 'Mína'],
  ['Bob', 'B0b'],
  ['Bill', 'BiII'],
  ['Вова', 'Boвa'],
  ['Ada', 'Аdа'],
  ['Vera', 'Ѵera'],
  ['Arnold', 'Amold'],
])('takes %s and %s for each other', (one, other) => {
  expect(lookAlike(one, other)).toBe(true);
});

it.each([
  ['Mina', 'Nina'],
  ['Bob', 'Rob'],
  ['Ada', 'Adam'],
])('tells %s from %s', (one, other) => {
  expect(lookAlike(one, other)).toBe(false);
});
