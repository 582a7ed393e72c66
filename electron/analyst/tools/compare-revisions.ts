import { z } from 'zod';
import { FieldDiff } from '../../../shared/vocabulary/event.ts';
import { Failure } from '../../platform/failure.ts';
import { pickConnection } from './pick-connection.ts';
import { readTool } from './read-tool.ts';

const Revision = z.number().int().positive();
const MOST_FIELDS = 80;

export const compareRevisions = readTool({
  name: 'compare_revisions',
  purpose: 'Compare the pod templates of two held revisions of the Deployment of a service, field by field.',
  source: 'Kubernetes',
  outsider: ['diff.*.before', 'diff.*.after'],
  input: z.strictObject({ service: z.string(), from: Revision, to: Revision }),
  output: z.object({
    service: z.string(),
    namespace: z.string(),
    from: Revision,
    to: Revision,
    diff: z.array(FieldDiff),
    omitted: z.number(),
  }),
  async run({ service, from, to }, { locate, systems }, signal) {
    const place = await locate(service, signal);
    if (!place) throw new Failure('not_found', `No connected cluster runs a Deployment named ${service}`);
    const { reader } = pickConnection('rollouts', systems.objects(), place.cluster);
    const diff = await reader.compareRevisions(place, { from, to }, signal);
    return {
      service,
      namespace: place.namespace,
      from,
      to,
      diff: diff.slice(0, MOST_FIELDS),
      omitted: Math.max(0, diff.length - MOST_FIELDS),
    };
  },
  showsDiffOf: ({ service }) => service,
  found: ({ from, to, diff, omitted }) =>
    diff.length === 0
      ? `revisions ${from} and ${to} are the same`
      : `${diff.length + omitted} fields differ: ${diff
          .slice(0, 4)
          .map(({ path }) => path)
          .join(', ')}`,
});
