import { z } from 'zod';
import { holding, type Place } from './holding.ts';
import { jsonIn } from './json-in.ts';
import { demandPlain, isJson, mediaType } from './media-type.ts';
import { Refusal } from './refusal.ts';

/** CloudEvents 1.0 (https://github.com/cloudevents/spec), as far as a change needs it; extensions are let pass unread. */
const attributes = {
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(1_024),
  source: z.string().min(1).max(1_024),
  type: z.string().min(1).max(255),
  time: z.iso.datetime({ offset: true }).optional(),
  subject: z.string().max(1_024).optional(),
  datacontenttype: z.string().max(255).optional(),
};
const Binary = z.object(attributes);
const Structured = z.object({
  ...attributes,
  data: z.unknown().optional(),
  data_base64: z.string().optional(),
});

export type CloudEvent = Omit<z.infer<typeof Binary>, 'specversion' | 'datacontenttype'> & { data: unknown };

/** One request, as HTTP brings it. Headers with every value that was sent, so that none hides another. */
export type Message = {
  headers: Readonly<Record<string, string[] | undefined>>;
  body: Uint8Array;
};

/** Enough for every extension in use; more is no event but an attempt. */
const mostAttributes = 100;
/** As many changes as a pipeline makes in an hour, in one request. */
export const mostInBatch = 200;

type Mode = 'structured' | 'batch' | 'binary';

/**
 * How the events of a request are written (HTTP protocol binding 1.0.2, §3): by the media type, or by `ce-` headers.
 * @throws Refusal 415 when neither says that these are events.
 */
export function modeOf({ headers }: Pick<Message, 'headers'>): Mode {
  demandPlain(headers);
  const type = mediaType(headers['content-type']);
  if (type === 'application/cloudevents+json') return 'structured';
  if (type === 'application/cloudevents-batch+json') return 'batch';
  if (headers['ce-specversion'] !== undefined && isJson(type)) return 'binary';
  throw new Refusal(
    415,
    'Send application/cloudevents+json, application/cloudevents-batch+json, or JSON with the ce-specversion, ce-id, ce-source and ce-type headers.',
  );
}

/**
 * The events of one request, in all three modes of the HTTP binding.
 * @throws Refusal naming what does not hold, and where.
 */
export function eventsIn(message: Message): CloudEvent[] {
  const mode = modeOf(message);
  if (mode === 'binary') return [binaryEvent(message)];
  const body = jsonIn(message.body, 'The body');
  if (mode === 'structured') return [structuredEvent(body, '')];
  if (!Array.isArray(body)) throw new Refusal(400, 'A batch is a JSON array of events.');
  if (body.length > mostInBatch)
    throw new Refusal(413, `A batch has at most ${mostInBatch} events; send several.`);
  return body.map((event, index) => structuredEvent(event, `[${index}]`));
}

function structuredEvent(value: unknown, place: Place): CloudEvent {
  limitAttributes(typeof value === 'object' && value !== null ? Object.keys(value).length : 0);
  const { specversion: _, datacontenttype, data, data_base64, ...event } = holding(Structured, value, place);
  if (data_base64 === undefined) return { ...event, data };
  const name = place === '' ? 'data_base64' : `${place}.data_base64`;
  if (data !== undefined) throw new Refusal(400, `${name}: an event has data or data_base64, not both.`);
  if (datacontenttype !== undefined && !isJson(mediaType([datacontenttype])))
    throw new Refusal(400, `${name}: only JSON is read.`);
  return { ...event, data: jsonIn(Buffer.from(data_base64, 'base64'), name) };
}

function binaryEvent({ headers, body }: Message): CloudEvent {
  const sent = Object.keys(headers).filter((name) => name.startsWith('ce-'));
  limitAttributes(sent.length);
  const told = Object.keys(attributes).flatMap((name) => {
    const values = headers[`ce-${name}`];
    if (values === undefined) return [];
    if (values.length > 1) throw new Refusal(400, `ce-${name} was sent more than once.`);
    return [[name, decoded(values[0] ?? '')]];
  });
  const { specversion: _, datacontenttype: __, ...event } = holding(Binary, Object.fromEntries(told), 'ce-');
  return { ...event, data: body.length === 0 ? undefined : jsonIn(body, 'The body') };
}

function limitAttributes(count: number): void {
  if (count > mostAttributes) throw new Refusal(400, `An event has at most ${mostAttributes} attributes.`);
}

/** §3.1.3.2: quotes first, then one round of percent-decoding. Many senders encode nothing: what does not decode stays. */
function decoded(value: string): string {
  const unquoted = /^".*"$/.test(value) ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    return unquoted;
  }
}
