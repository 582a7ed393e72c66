import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEntry, MOST_BYTES, parseEntry } from '../../../electron/ledger/entry.ts';

const entry = (body: unknown = {}, more: object = {}) => ({
  v: 1,
  seq: 7,
  kind: 'note',
  at: '2026-03-01T10:00:00.000Z',
  realm: 'real',
  actor: { kind: 'host', name: 'countersign' },
  body,
  ...more,
});
const text = (value: object) => Buffer.from(encodeEntry(value).bytes).toString('utf8');
const refused = expect.objectContaining({ code: 'bad_input' });

describe('an entry', () => {
  it('is stored as RFC 8785 JSON: members sorted, no white space, numbers and text in one spelling', () => {
    expect(text(entry({ b: 1e21, a: 'é\n\u20ac', '\u20ac': -0, '\ud83d\ude00': 4.5, '\ufb33': 1 }))).toBe(
      '{"actor":{"kind":"host","name":"countersign"},"at":"2026-03-01T10:00:00.000Z",' +
        '"body":{"a":"é\\n\u20ac","b":1e+21,"\u20ac":0,"\ud83d\ude00":4.5,"\ufb33":1},"kind":"note","realm":"real","seq":7,"v":1}',
    );
  });

  it('comes back from its bytes as it was, whatever JSON it holds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ stringUnit: 'grapheme' })),
        (body) => {
          fc.pre(!JSON.stringify(body).includes('__proto__'));
          const { bytes, entry: written } = encodeEntry(entry(body));
          expect(parseEntry(bytes)).toEqual(written);
          expect(encodeEntry(written).bytes).toEqual(bytes);
          expect(JSON.parse(Buffer.from(bytes).toString())).toEqual(JSON.parse(JSON.stringify(entry(body))));
        },
      ),
    );
  });

  it('leaves out what is undefined', () => {
    expect(text(entry({ a: undefined }, { incident: undefined, causes: undefined }))).toBe(text(entry()));
  });

  it.each([
    ['a lone surrogate', entry({ text: '\ud800' })],
    ['a lone surrogate as a name', entry({ '\udc00': 1 })],
    ['NaN', entry({ value: Number.NaN })],
    ['infinity', entry({ value: [Number.POSITIVE_INFINITY] })],
    [
      'a circle',
      (() => {
        const body: Record<string, unknown> = {};
        body['self'] = body;
        return entry(body);
      })(),
    ],
    ['a big integer', entry({ value: 1n })],
    ['a body that is a list', entry([])],
    ['no body', entry({}, { body: undefined })],
    ['an unknown kind', entry({}, { kind: 'secret' })],
    ['an unknown member', entry({}, { extra: 1 })],
    ['an unknown realm', entry({}, { realm: 'test' })],
    ['a time without milliseconds', entry({}, { at: '2026-03-01T10:00:00Z' })],
    ['a time in another zone', entry({}, { at: '2026-03-01T10:00:00.000+01:00' })],
    ['a day that never was', entry({}, { at: '2026-02-30T10:00:00.000Z' })],
    ['a negative place', entry({}, { seq: -1 })],
    ['a cause that comes after it', entry({}, { causes: [7] })],
    ['an actor of no kind', entry({}, { actor: { kind: 'system', name: 'x' } })],
    ['an actor of more than kind and name', entry({}, { actor: { kind: 'host', name: 'x', id: 1 } })],
    ['an actor without a name', entry({}, { actor: { kind: 'host', name: '' } })],
    ['a name of 201 characters', entry({}, { actor: { kind: 'host', name: 'x'.repeat(201) } })],
    ['an incident without a name', entry({}, { incident: '' })],
    ['an incident that is a number', entry({}, { incident: 1 })],
    ['a place that is no whole number', entry({}, { seq: 1.5 })],
    ['another version', entry({}, { v: 2 })],
  ])('is refused with %s, also when its time was seen before', (_case, value) => {
    expect(encodeEntry(entry()).entry.at).toBe(entry().at);
    expect(() => encodeEntry(value)).toThrow(refused);
  });

  it('reads the same whether or not its time was seen before', () => {
    const at = '2026-03-01T11:22:33.444Z';
    const [first, second] = [1, 2].map(
      () => encodeEntry(entry({ b: 1, a: 2 }, { at, incident: 'inc-1' })).entry,
    );
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(Object.keys(second ?? {})).toEqual([
      'v',
      'seq',
      'kind',
      'at',
      'realm',
      'incident',
      'actor',
      'body',
    ]);
  });

  it('may take exactly 65535 bytes', () => {
    const room = MOST_BYTES - text(entry({ a: '' })).length;
    expect(encodeEntry(entry({ a: 'x'.repeat(room) })).bytes).toHaveLength(MOST_BYTES);
    expect(() => encodeEntry(entry({ a: 'x'.repeat(room + 1) }))).toThrow('65536 bytes');
    expect(() => encodeEntry(entry({ a: `${'x'.repeat(room - 1)}\u20ac` }))).toThrow('65537 bytes');
  });
});

describe('stored bytes', () => {
  const plain = text(entry({ a: 1 }));
  it.each<[string, string | Uint8Array]>([
    ['nothing', ''],
    ['text', 'not JSON'],
    ['null', 'null'],
    ['white space', plain.replace(',', ', ')],
    ['an end of line', `${plain}\n`],
    ['a byte order mark', `\ufeff${plain}`],
    ['members in another order', plain.replace('"seq":7,"v":1', '"v":1,"seq":7')],
    ['a member twice', plain.replace('"a":1', '"a":1,"a":1')],
    ['a member twice with another value before', plain.replace('"a":1', '"a":2,"a":1')],
    ['another spelling of a number', plain.replace('"a":1', '"a":1.0')],
    ['a number that loses digits', plain.replace('"a":1', '"a":9007199254740993')],
    ['another spelling of a letter', plain.replace('"a"', '"\\u0061"')],
    ['a lone surrogate', plain.replace('"a":1', '"a":"\\ud800"')],
    ['bytes that are no UTF-8', Buffer.from(plain.replace('"a"', '"\u00e9"'), 'latin1')],
    ['lists nested to the limit', plain.replace('"a":1', `"a":${'['.repeat(30_000)}${']'.repeat(30_000)}`)],
  ])('are refused with %s', (_case, bytes) => {
    expect(parseEntry(Buffer.from(plain))).toMatchObject({ body: { a: 1 } });
    expect(() => parseEntry(Buffer.from(bytes as string))).toThrow(refused);
  });
});
