import fc from 'fast-check';
import { expect, it } from 'vitest';
import { heldRaw } from '../../../electron/connectors/held-raw.ts';

it('holds the newest texts within its bound, whatever is held and released', () => {
  const step = fc.record({ text: fc.string({ maxLength: 40 }), releases: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 120 }), (steps, most) => {
      const raw = heldRaw(most);
      const held: { raw: string | null }[] = [];
      for (const { text, releases } of steps) {
        held.push(raw.hold({ raw: text }));
        const [oldest] = releases ? held.splice(0, 1) : [];
        if (oldest) raw.release(oldest);
        const lengths = held.map((fact) => fact.raw?.length ?? 0);
        expect(lengths.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(most);
        // Of the oldest it goes first.
        const firstHeld = held.findIndex((fact) => fact.raw !== null);
        if (firstHeld >= 0) expect(held.slice(firstHeld).every((fact) => fact.raw !== null)).toBe(true);
        if (text.length <= most && held.length > 0) expect(held.at(-1)?.raw).not.toBeNull();
      }
    }),
  );
});

it('holds no secret that the store would hide, and of a long text its beginning', () => {
  const raw = heldRaw(10_000_000);
  expect(raw.hold({ raw: () => '{"db_password":"hunter2","size":4}' }).raw).toBe(
    '{"db_password":"(hidden)","size":4}',
  );
  expect(raw.hold({ raw: 'x'.repeat(1_000_000) }).raw).toHaveLength(131_072);
});

it('leaves the fact that it is given as it is', () => {
  const raw = heldRaw(10);
  const given = { raw: 'a'.repeat(8) };
  const first = raw.hold(given);
  raw.hold({ raw: 'b'.repeat(8) });
  expect(first.raw).toBeNull();
  expect(given.raw).toBe('aaaaaaaa');
  expect(raw.hold({ raw: null }).raw).toBeNull();
});
