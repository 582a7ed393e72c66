import { z } from 'zod';
import { ObjectTarget } from '../../../shared/vocabulary/proposal.ts';
import { findWorkload } from './find-workload.ts';
import { pickConnection } from './pick-connection.ts';
import { readTool } from './read-tool.ts';
import { iso } from './time-span.ts';

const MOST_EVENTS = 60;

export const listObjectEvents = readTool({
  name: 'list_object_events',
  purpose:
    'List what Kubernetes reports of the objects of a service (its Deployment, ReplicaSets and pods), or of a whole namespace, newest first.',
  source: 'Kubernetes Events',
  outsider: ['events.*.message'],
  input: z
    .strictObject({
      service: z.string().optional(),
      namespace: ObjectTarget.shape.namespace.optional(),
      connection: z.string().optional(),
    })
    .refine(({ service, namespace }) => (service === undefined) !== (namespace === undefined), {
      error: 'give either a service or a namespace',
    }),
  output: z.object({
    namespace: z.string(),
    events: z.array(
      z.object({
        at: z.iso.datetime(),
        first: z.iso.datetime(),
        count: z.number(),
        type: z.string(),
        reason: z.string(),
        object: z.string(),
        message: z.string(),
      }),
    ),
    omitted: z.number(),
  }),
  async run(input, context, signal) {
    const { namespace, workload, connection } =
      input.service === undefined
        ? { namespace: input.namespace ?? '', workload: null, connection: input.connection }
        : await findWorkload(context, input.service, signal);
    const { reader } = pickConnection('Kubernetes Events', context.systems.objects(), connection);
    const events = await reader.events({ namespace, workload }, signal);
    return {
      namespace,
      events: events.slice(0, MOST_EVENTS).map(({ atMs, firstMs, ...event }) => ({
        at: iso(atMs),
        first: iso(firstMs),
        ...event,
      })),
      omitted: Math.max(0, events.length - MOST_EVENTS),
    };
  },
  found: ({ events, omitted }) => {
    const reasons = [...new Set(events.filter(({ type }) => type === 'Warning').map(({ reason }) => reason))];
    return `${events.length + omitted} events${reasons.length > 0 ? `, warnings: ${reasons.join(', ')}` : ', no warning'}`;
  },
});
