import { z } from 'zod';
import { DescribedKind } from '../../../shared/vocabulary/described-kind.ts';
import { ObjectTarget } from '../../../shared/vocabulary/proposal.ts';
import { pickConnection } from './pick-connection.ts';
import { readTool } from './read-tool.ts';
import { iso } from './time-span.ts';

export const describeObject = readTool({
  name: 'describe_object',
  purpose:
    'Describe one Kubernetes object field by field, its status first. Values of variables and likely secrets are hidden; Secrets cannot be read. A Node has no namespace: give "".',
  source: 'Kubernetes',
  outsider: ['fields.*.value'],
  input: z.strictObject({
    kind: DescribedKind,
    namespace: z.union([ObjectTarget.shape.namespace, z.literal('')]),
    name: ObjectTarget.shape.name,
    connection: z.string().optional(),
  }),
  output: z.object({
    connection: z.string(),
    kind: DescribedKind,
    namespace: z.string(),
    name: z.string(),
    created: z.iso.datetime(),
    managedBy: z.string().nullable(),
    fields: z.array(z.object({ path: z.string(), value: z.string() })),
    omitted: z.number(),
  }),
  async run({ kind, namespace, name, connection }, { systems }, signal) {
    const { id, reader } = pickConnection('Kubernetes objects', systems.objects(), connection);
    const { createdMs, ...described } = await reader.describe(kind, { namespace, name }, signal);
    return { connection: id, kind, namespace, name, created: iso(createdMs), ...described };
  },
  found: ({ kind, name, fields, omitted, managedBy }) =>
    `${kind} ${name}: ${fields.length + omitted} fields${managedBy === null ? '' : `; ${managedBy}`}`,
});
