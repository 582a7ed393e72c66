import { describe, expect, it } from 'vitest';
import { eventsIn, type Message, modeOf } from '../../../../electron/connectors/receiver/cloud-event.ts';

const event = { specversion: '1.0', id: 'a1', source: '/ci', type: 'dev.example' };

const message = (type: string, body: unknown, more: Record<string, string[]> = {}): Message => ({
  headers: { 'content-type': [type], ...more },
  body: typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body)),
});
const structured = (body: unknown) => message('application/cloudevents+json', body);
const batch = (body: unknown) => message('application/cloudevents-batch+json', body);
const ce = {
  'ce-specversion': ['1.0'],
  'ce-id': ['a1'],
  'ce-source': ['/ci'],
  'ce-type': ['dev.example'],
};
const binary = (body: unknown, more: Record<string, string[]> = {}) =>
  message('application/json', body, { ...ce, ...more });

describe('the three modes', () => {
  it('give the same event', () => {
    const read = {
      id: 'a1',
      source: '/ci',
      type: 'dev.example',
      time: '2026-03-01T10:00:00Z',
      data: { n: 1 },
    };
    const whole = { ...event, time: read.time, data: { n: 1 } };
    expect(eventsIn(structured(whole))).toEqual([read]);
    expect(eventsIn(batch([whole, { ...whole, id: 'a2' }]))).toEqual([read, { ...read, id: 'a2' }]);
    expect(eventsIn(binary({ n: 1 }, { 'ce-time': [read.time] }))).toEqual([read]);
    expect(eventsIn(batch([]))).toEqual([]);
  });

  it('are told by the media type, whatever its case and with a charset', () => {
    const mode = (type: string, more = {}) => modeOf({ headers: { 'content-type': [type], ...more } });
    expect(mode('Application/CloudEvents+JSON; charset=UTF-8')).toBe('structured');
    expect(mode('application/cloudevents-batch+json;charset="utf-8"')).toBe('batch');
    expect(mode('application/cdevents+json', ce)).toBe('binary');
    expect(mode('text/json', ce)).toBe('binary');
  });

  it.each([
    ['no media type', { headers: {} }],
    ['plain JSON without ce- headers', { headers: { 'content-type': ['application/json'] } }],
    ['another format of events', { headers: { 'content-type': ['application/cloudevents+avro'] } }],
    ['another charset', { headers: { 'content-type': ['application/cloudevents+json; charset=utf-16'] } }],
    ['data that is no JSON', { headers: { 'content-type': ['application/xml'], ...ce } }],
    [
      'a packed body',
      { headers: { 'content-type': ['application/cloudevents+json'], 'content-encoding': ['gzip'] } },
    ],
    [
      'two media types',
      { headers: { 'content-type': ['application/cloudevents+json', 'application/json'] } },
    ],
  ])('refuse %s with 415', (_, asked) => {
    expect(() => modeOf(asked)).toThrow(expect.objectContaining({ status: 415 }));
  });
});

describe('a header', () => {
  it('is unquoted and percent-decoded once, and stays as it is where it cannot be', () => {
    const source = (value: string) => eventsIn(binary({}, { 'ce-source': [value] }))[0]?.source;
    expect(source('caf%C3%A9%2520')).toBe('café%20');
    expect(source('"a \\"b\\""')).toBe('a "b"');
    expect(source('100%')).toBe('100%');
  });

  it('sent twice is refused by name, so that none hides another', () => {
    expect(() => eventsIn(binary({}, { 'ce-id': ['a', 'b'] }))).toThrow('ce-id was sent more than once.');
  });
});

describe('a refusal names what does not hold and repeats nothing that was sent', () => {
  const secret = 'hunter2';
  it.each([
    ['the body', structured(`{"id": "${secret}`), 'The body is not JSON.'],
    ['bytes', { ...structured(''), body: Buffer.from([0xff, 0xfe]) }, 'The body is not UTF-8.'],
    ['a body that is no object', structured([secret]), 'The body: '],
    ['a missing id', structured({ ...event, id: undefined }), 'id: '],
    ['an empty id', structured({ ...event, id: '' }), 'id: '],
    ['another version', structured({ ...event, specversion: secret }), 'specversion: '],
    ['a time that is none', structured({ ...event, time: secret }), 'time: '],
    ['one of a batch', batch([event, { ...event, source: 7 }]), '[1].source: '],
    ['a batch that is none', batch(event), 'A batch is a JSON array of events.'],
    ['a header', binary({}, { 'ce-time': [secret] }), 'ce-time: '],
    [
      'a missing header',
      message('application/json', {}, { ...ce, 'ce-type': undefined as never }),
      'ce-type: ',
    ],
    ['data twice', structured({ ...event, data: {}, data_base64: 'e30=' }), 'data_base64: '],
    [
      'base64 that is no JSON',
      structured({ ...event, data_base64: 'aHVudGVyMg==' }),
      'data_base64 is not JSON.',
    ],
  ])('of %s', (_, asked, beginning) => {
    let said = '';
    try {
      eventsIn(asked);
    } catch (error) {
      said = error instanceof Error ? error.message : '';
    }
    expect(said).toMatch(new RegExp(`^${beginning.replaceAll(/[[\].]/g, '\\$&')}`));
    expect(said).not.toContain(secret);
  });
});

it('reads data in base64 as the JSON that it is', () => {
  const data_base64 = Buffer.from('{"n":1}').toString('base64');
  expect(eventsIn(structured({ ...event, data_base64 }))[0]?.data).toEqual({ n: 1 });
});

it('takes no more attributes than an event could have, and no more events than a batch may', () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x${index}`, 'y']));
  expect(() => eventsIn(structured({ ...event, ...many }))).toThrow('at most 100 attributes');
  const headers = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`ce-x${index}`, ['y']]));
  expect(() => eventsIn(binary({}, headers))).toThrow('at most 100 attributes');
  expect(() => eventsIn(batch(Array.from({ length: 201 }, () => event)))).toThrow('at most 200 events');
});

it('is not moved by members named after what objects inherit', () => {
  const hostile =
    '{"specversion":"1.0","id":"a","source":"/","type":"t","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"data":{"__proto__":{"polluted":1}}}';
  const [read] = eventsIn(structured(hostile));
  expect(Object.keys(read ?? {}).sort()).toEqual(['data', 'id', 'source', 'type']);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
  expect((read as { polluted?: number }).polluted).toBeUndefined();
});
