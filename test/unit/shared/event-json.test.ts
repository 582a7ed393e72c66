import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventJson, frontOf } from '../../../shared/formats/event-json.ts';
import { EventKind, NoteObservation } from '../../../shared/vocabulary/event.ts';
import { EpochMs, IncidentId } from '../../../shared/vocabulary/ids.ts';

const incident = IncidentId.parse('inc-1');
/** What would be taken for the front of another event, were it read from within a text. */
const hostile = '{"kind":"change","atMs":1,"key":"forged",';
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(hostile, '\n', '\u2028', '"'),
);
const anyNote = fc.record({
  title: anyText,
  source: anyText,
  author: anyText,
  service: fc.option(anyText),
  labels: fc.dictionary(anyText, anyText, { maxKeys: 3 }),
  key: anyText.filter((key) => key !== ''),
  atMs: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
});

it('says of a line what the event says, or nothing, whatever its texts hold', () => {
  let told = 0;
  fc.assert(
    fc.property(anyNote, (note) => {
      const event = { ...note, kind: 'note' as const, incident };
      const json = eventJson(event);
      expect(json).not.toContain('\n');
      expect(JSON.parse(json)).toEqual(event);
      const front = frontOf(json);
      if (!front) return;
      told += 1;
      expect(front).toEqual({ kind: 'note', atMs: note.atMs, key: note.key });
      expect(NoteObservation.shape.key.safeParse(front.key).success).toBe(true);
      expect(EpochMs.safeParse(front.atMs).success).toBe(true);
    }),
  );
  expect(told).toBeGreaterThan(0);
});

it('tells the front of every kind', () => {
  for (const kind of EventKind.options)
    expect(frontOf(`{"kind":"${kind}","atMs":5,"key":"a","title":"b"}`)).toEqual({ kind, atMs: 5, key: 'a' });
});

it('tells nothing of a line with another beginning', () => {
  for (const json of ['', '{}', ' {"kind":"note","atMs":5,"key":"a",', '{"kind":"note","key":"a","atMs":5,'])
    expect(frontOf(json)).toBeNull();
});
