import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compacted, weightOf } from '../../../electron/analyst/compaction.ts';
import type { Message, ToolCall, ToolResult } from '../../../electron/analyst/model-client.ts';

type Step = { weight: number; cites: readonly number[]; failed: boolean; plain: boolean };

/** A conversation in which turn n asks for read n, whose result weighs so much, and cites earlier reads. */
function conversation(steps: readonly Step[]): Message[] {
  const messages: Message[] = [{ role: 'user', text: 'go' }];
  steps.forEach(({ weight, cites, failed, plain }, place) => {
    const reads = cites.filter((one) => one < place).map(idOf);
    const calls: ToolCall[] = [{ id: `call-${place}`, name: 'state', input: { reads } }];
    const text = plain
      ? 'x'.repeat(weight)
      : JSON.stringify({ read: idOf(place), lines: 'x'.repeat(weight) });
    messages.push({ role: 'assistant', text: '', calls });
    messages.push({ role: 'tools', results: [{ call: `call-${place}`, text, failed }] });
  });
  return messages;
}
/** No id is the beginning of another. */
const idOf = (place: number) => `read-${String(place).padStart(4, '0')}`;
const resultsOf = (messages: readonly Message[]): ToolResult[] =>
  messages.flatMap((message) => (message.role === 'tools' ? message.results : []));

const step = fc.record({
  weight: fc.integer({ min: 0, max: 3_000 }),
  cites: fc.array(fc.nat(15), { maxLength: 3 }),
  failed: fc.boolean(),
  plain: fc.boolean(),
});
const steps = fc.array(step, { maxLength: 16 });
const most = fc.integer({ min: 1, max: 20_000 });

it('keeps every message, its order, and the call that each result answers', () => {
  fc.assert(
    fc.property(steps, most, (given, mostCharacters) => {
      const before = conversation(given);
      const after = compacted(before, mostCharacters);
      expect(after.map(({ role }) => role)).toEqual(before.map(({ role }) => role));
      expect(resultsOf(after).map(({ call, failed }) => [call, failed])).toEqual(
        resultsOf(before).map(({ call, failed }) => [call, failed]),
      );
      expect(after.filter(({ role }) => role !== 'tools')).toEqual(
        before.filter(({ role }) => role !== 'tools'),
      );
    }),
  );
});

it('never loses a byte of what is cited, nor of the two newest results', () => {
  fc.assert(
    fc.property(steps, most, (given, mostCharacters) => {
      const before = conversation(given);
      const kept = resultsOf(compacted(before, mostCharacters));
      const cited = new Set(given.flatMap(({ cites }, place) => cites.filter((one) => one < place)));
      resultsOf(before).forEach((result, place) => {
        if (cited.has(place) || place >= given.length - 2) expect(kept[place]).toEqual(result);
      });
    }),
  );
});

it('is never heavier than before, and leaves alone what fits', () => {
  fc.assert(
    fc.property(steps, most, (given, mostCharacters) => {
      const before = conversation(given);
      const after = compacted(before, mostCharacters);
      expect(weightOf(after)).toBeLessThanOrEqual(weightOf(before));
      if (weightOf(before) <= mostCharacters) expect(after).toBe(before);
    }),
  );
});

it('changes nothing when it is done again', () => {
  fc.assert(
    fc.property(steps, most, (given, mostCharacters) => {
      const once = compacted(conversation(given), mostCharacters);
      expect(compacted(once, mostCharacters)).toEqual(once);
    }),
  );
});

it('takes the oldest that nothing rests on, down to half, and says what was taken out', () => {
  const plain = { cites: [], failed: false, plain: false };
  const messages = conversation([
    ...Array.from({ length: 8 }, () => ({ ...plain, weight: 1_000 })),
    { ...plain, weight: 10, cites: [1] },
    { ...plain, weight: 10 },
  ]);
  const kept = resultsOf(compacted(messages, 8_000));
  const gone = kept.flatMap(({ text }, place) => (text.includes('"compacted":true') ? [place] : []));
  expect(gone).toEqual([0, 2, 3, 4, 5]);
  expect(kept[0]?.text).toContain(idOf(0));
  expect(kept[0]?.text).toContain('characters that nothing rested on were taken out');
});
