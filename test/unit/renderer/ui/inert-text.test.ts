import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inertLine, inertText } from '../../../../renderer/ui/inert-text.ts';

it.each([
  ['leaves plain words alone', 'Roll back payments to 1.40', 'Roll back payments to 1.40'],
  ['leaves markup as the text it is', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['leaves letters of every script and emoji alone', 'платёж 支払い שלום 🙂', 'платёж 支払い שלום 🙂'],
  ['keeps line feed and tab', 'a\n\tb', 'a\n\tb'],
  ['writes out a right-to-left override', 'a\u202Eevorppa', 'a\\u{202e}evorppa'],
  ['writes out isolates and marks', '\u2066x\u2069\u200F\u061C', '\\u{2066}x\\u{2069}\\u{200f}\\u{061c}'],
  ['writes out what has no width', 'pay\u200Bments\uFEFF', 'pay\\u{200b}ments\\u{feff}'],
  ['writes out escape and bell', '\u001B[31mred\u0007', '\\u{001b}[31mred\\u{0007}'],
  ['writes out a carriage return', 'safe\rrm -rf', 'safe\\u{000d}rm -rf'],
  ['writes out C1 controls and line separators', '\u0085\u2028\u2029', '\\u{0085}\\u{2028}\\u{2029}'],
  ['writes out tag characters', 'x\u{E0061}', 'x\\u{e0061}'],
  ['writes out a lone surrogate', 'x\uD800y', 'x\\u{d800}y'],
])('inert text %s', (_case, text, shown) => expect(inertText(text)).toBe(shown));

it('shows one line for a text of many', () => expect(inertLine('a\nb\tc')).toBe('a\\nb\\tc'));

it('never leaves a character that steers', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(inertLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u);
    }),
  );
});

it('changes nothing once it is inert', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(inertText(inertText(text))).toBe(inertText(text));
    }),
  );
});
