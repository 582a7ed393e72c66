import { z } from 'zod';
import { FieldDiff } from '../../../shared/vocabulary/event.ts';
import { briefDiff } from './brief-diff.ts';
import { readTool } from './read-tool.ts';

export const searchTimeline = readTool({
  name: 'search_timeline',
  purpose: 'Search the incident timeline by kind, service, text and time, newest first.',
  source: 'the timeline',
  outsider: ['events.*.title', 'events.*.diff'],
  input: z.strictObject({
    kind: z.enum(['signal', 'change', 'note', 'record']).optional(),
    service: z.string().optional(),
    text: z.string().optional(),
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
    limit: z.number().int().min(1).max(60),
  }),
  output: z.object({
    events: z.array(
      z.object({
        key: z.string(),
        at: z.iso.datetime(),
        kind: z.string(),
        sort: z.string(),
        service: z.string().nullable(),
        title: z.string(),
        diff: z.array(FieldDiff).optional(),
      }),
    ),
    omitted: z.number(),
  }),
  async run({ kind, service, text, from, to, limit }, { events }) {
    const wanted = text?.toLowerCase();
    const fitting = events()
      .filter((event) => kind === undefined || event.kind === kind)
      .filter((event) => service === undefined || event.service === service)
      .filter(({ atMs }) => from === undefined || atMs >= Date.parse(from))
      .filter(({ atMs }) => to === undefined || atMs <= Date.parse(to))
      .filter(
        (event) =>
          wanted === undefined || `${event.title} ${event.detail ?? ''}`.toLowerCase().includes(wanted),
      )
      .filter(({ atMs }) => from === undefined || atMs >= Date.parse(from))
      .filter(({ atMs }) => to === undefined || atMs <= Date.parse(to))
      .reverse();
    return {
      events: fitting.slice(0, limit).map((event) => ({
        key: event.key,
        at: new Date(event.atMs).toISOString(),
        kind: event.kind,
        sort: event.kind === 'change' ? event.change : 'sort' in event ? event.sort : event.kind,
        service: event.service,
        title: event.title,
        ...briefDiff(event),
      })),
      omitted: Math.max(0, fitting.length - limit),
    };
  },
  isObserved: ({ events }) => events.some(({ kind, sort }) => kind === 'change' || OBSERVED.has(sort)),
  found: ({ events, omitted }) =>
    `${events.length} events${omitted > 0 ? `, ${omitted} more not shown` : ''}`,
});

/** Signals that a connection measured or its own system reported; a log line is whatever a client got it to write. */
const OBSERVED: ReadonlySet<string> = new Set(['alert', 'metric', 'kubernetes']);
