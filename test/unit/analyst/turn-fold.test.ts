import fc from 'fast-check';
import { expect, it } from 'vitest';
import { turnFold } from '../../../electron/analyst/claude/turn-fold.ts';

const start = { type: 'message_start', message: { usage: { input_tokens: 5, output_tokens: 1 } } };
const end = [
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 7 } },
  { type: 'message_stop' },
];
const toolUse = (index: number, pieces: readonly string[]) => [
  {
    type: 'content_block_start',
    index,
    content_block: { type: 'tool_use', id: `t${index}`, name: 'read', input: {} },
  },
  ...pieces.map((partial_json) => ({
    type: 'content_block_delta',
    index,
    delta: { type: 'input_json_delta', partial_json },
  })),
  { type: 'content_block_stop', index },
];

function folded(events: readonly unknown[]) {
  const fold = turnFold();
  for (const event of events) fold.take(event);
  return fold.turn();
}

it('reads the arguments of a call as they are, however they are cut into pieces', () => {
  fc.assert(
    fc.property(fc.json(), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (json, sizes) => {
      const pieces: string[] = [];
      for (let at = 0, n = 0; at < json.length; n += 1) {
        const size = sizes[n % sizes.length] ?? 1;
        pieces.push(json.slice(at, at + size));
        at += size;
      }
      expect(folded([start, ...toolUse(0, pieces), ...end])?.calls[0]?.input).toEqual(JSON.parse(json));
    }),
  );
});

it('is no turn before the server says that it ended', () => {
  const events = [start, ...toolUse(0, ['{"service":"a"}']), end[0]];
  expect(folded(events)).toBeNull();
  expect(folded([...events, end[1]])).not.toBeNull();
});

it('makes a call of no broken arguments, and mends none', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (json) => {
      fc.pre(!isJson(json) && json.trim() !== '');
      expect(folded([start, ...toolUse(0, [json]), ...end])?.calls[0]?.input).toBe(json);
    }),
  );
});

it('passes over whatever it does not know, and never throws for it', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (noise) => {
      const turn = folded([start, ...noise, ...toolUse(0, ['{}']), ...noise, ...end]);
      expect(turn?.calls).toEqual([{ id: 't0', name: 'read', input: {} }]);
      expect(turn?.tokens).toEqual({ input: 5, output: 7, cacheRead: 0, cacheWritten: 0 });
    }),
  );
});

it('ends a server that goes on and on', () => {
  const fold = turnFold();
  fold.take(start);
  fold.take({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  const more = {
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: 'x'.repeat(500_000) },
  };
  expect(() => {
    for (let n = 0; n < 10; n += 1) fold.take(more);
  }).toThrow(/more than 2000000 characters/);
});

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
