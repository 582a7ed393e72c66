import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { aside, json, out } from '../../../electron/cli/output.ts';

const written = () => {
  const texts: string[] = [];
  const keep = (text: unknown) => {
    texts.push(String(text));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  return () => texts.join('');
};
afterEach(() => {
  vi.restoreAllMocks();
});

const ACTS = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u;
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\u001b]8;;https://evil.example\u0007here\u001b]8;;\u0007',
    '\u009b2J',
    '\u202egnp',
    '\u{e0041}',
  ),
);

test('a line on the terminal holds nothing that the terminal acts on', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const said = written();
      out(text);
      aside(text);
      expect(said()).not.toMatch(ACTS);
      vi.restoreAllMocks();
    }),
  );
});

test('JSON on the terminal holds nothing either, and says the same to whoever parses it', () => {
  fc.assert(
    fc.property(hostile, fc.jsonValue(), (text, value) => {
      const said = written();
      json({ text, value });
      expect(said()).not.toMatch(ACTS);
      expect(JSON.parse(said())).toEqual(JSON.parse(JSON.stringify({ text, value })));
      vi.restoreAllMocks();
    }),
  );
});
