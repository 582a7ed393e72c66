import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { commands } from '../../../../shared/bridge/contract.ts';
import { quickCheck, quickParse } from '../../../../shared/bridge/quick-check.ts';
import { Event } from '../../../../shared/vocabulary/event.ts';
import { roomFixture } from '../../../fixtures/fake-host/proposal-fixture.ts';
import { eventsAt } from '../../../fixtures/fake-host/shop.ts';

const room = roomFixture();
const events: unknown[] = eventsAt(room.incident.id, 1_760_000_000_000);

/** Some place in a document is given another value, or a field more, or loses one. */
function spoiled(document: unknown, at: readonly number[], value: unknown): unknown {
  const [nth = 0, ...deeper] = at;
  if (typeof document !== 'object' || document === null) return value;
  const names = Object.keys(document);
  const name = names[nth % (names.length + 1)];
  if (name === undefined)
    return Array.isArray(document) ? [...document, value] : { ...document, more: value };
  if (at.length === 0 && !Array.isArray(document)) {
    const { [name]: _, ...others } = document as Record<string, unknown>;
    return others;
  }
  const inner = spoiled((document as Record<string, unknown>)[name], deeper, value);
  return Array.isArray(document)
    ? document.map((one, index) => (String(index) === name ? inner : one))
    : { ...document, [name]: inner };
}

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('', 'x'.repeat(501), -1, 0.5, 2 ** 60, null, 'note', 'critical', [], {}),
);
const place = fc.array(fc.nat(30), { maxLength: 4 });

it('never says yes to what the schema refuses or answers otherwise', () => {
  const fits = quickCheck(Event);
  const accepted = { quick: 0, schema: 0 };
  fc.assert(
    fc.property(fc.constantFrom(...events), place, value, (event, at, other) => {
      const given = spoiled(event, at, other);
      // A label of this name the schema drops; nothing that was stored has it.
      fc.pre(!JSON.stringify(given).includes('__proto__'));
      const answer = Event.safeParse(given);
      if (fits(given)) expect(answer).toEqual({ success: true, data: given });
      accepted.quick += fits(given) ? 1 : 0;
      accepted.schema += answer.success ? 1 : 0;
    }),
    { numRuns: 500 },
  );
  // Of events, where every part of the schema is known, it says yes to all that the schema takes.
  expect(accepted.quick).toBe(accepted.schema);
});

it('is right about a whole room, whatever in it is wrong', () => {
  const { output } = commands['incidents.room'];
  const fits = quickCheck(output);
  fc.assert(
    fc.property(place, value, (at, other) => {
      const given = spoiled(room, at, other);
      if (fits(given)) expect(output.safeParse(given)).toEqual({ success: true, data: given });
    }),
  );
});

it.each<[string, z.ZodType, unknown, boolean]>([
  ['takes an event as it is', Event, events[0], true],
  ['leaves an object that drops fields to the schema', z.object({ a: z.string() }), { a: 'x' }, false],
  ['leaves what is trimmed to the schema', z.strictObject({ a: z.string().trim() }), { a: ' x' }, false],
  [
    'asks the schema for what it does not know',
    z.strictObject({ a: z.stringFormat('ab', /^ab$/) }),
    { a: 'ab' },
    true,
  ],
  [
    'sees a condition on a whole object',
    z.strictObject({ a: z.number() }).refine(({ a }) => a > 1),
    { a: 1 },
    false,
  ],
  ['knows the ends of a number', z.number().min(1).max(2), 2, true],
  ['knows what lies beyond them', z.number().gt(1).lt(2), 2, false],
  ['takes no array for an object', z.record(z.string(), z.string()), [], false],
  ['takes no inherited name for a field', z.strictObject({}), JSON.parse('{"__proto__": 1}'), false],
  ['takes no name of the prototype for a kind', Event, { kind: 'constructor' }, false],
  ['counts the members of a tuple', z.tuple([z.number(), z.number()]), [1, 2, 3], false],
  ['wants each field that is not optional', z.strictObject({ a: z.string() }), {}, false],
  ['lets what is optional be away', z.strictObject({ a: z.string().optional() }), {}, true],
])('%s', (_case, schema, given, fits) => {
  expect(quickCheck(schema)(given)).toBe(fits);
  expect(quickParse(schema)(given).success).toBe(schema.safeParse(given).success);
});
