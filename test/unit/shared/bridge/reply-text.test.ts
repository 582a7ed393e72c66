import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Reply } from '../../../../shared/bridge/contract.ts';
import { replyIn, replyText } from '../../../../shared/bridge/reply-text.ts';

it('gives every reply back as it was', () => {
  const reply: fc.Arbitrary<Reply> = fc.oneof(
    fc.record({ ok: fc.constant(true as const), value: fc.jsonValue() }),
    fc.record({
      ok: fc.constant(true as const),
      value: fc.record({ jsonLines: fc.string({ unit: 'binary' }), other: fc.jsonValue() }),
    }),
    fc.record({ ok: fc.constant(false as const), code: fc.string(), message: fc.string() }),
  );
  fc.assert(
    fc.property(reply, (one) => {
      expect(replyIn(replyText(one))).toEqual(JSON.parse(JSON.stringify(one)));
    }),
  );
});

it('writes JSON that is passed on as it stands, without a quote escaped', () => {
  const page = { before: null, jsonLines: '{"key":"a"}\n{"key":"b"}' };
  expect(replyText({ ok: true, value: page })).toBe(`{"ok":true,"value":{"before":null}}\n${page.jsonLines}`);
});

it('takes nothing for a reply that is none', () => {
  for (const text of ['', '{}', '<html>\n</html>', 'null\n[]']) expect(() => replyIn(text)).toThrow();
});
