import { z } from 'zod';
import { FieldDiff } from '../../../shared/vocabulary/event.ts';
import { Failure } from '../../platform/failure.ts';
import { readTool } from './read-tool.ts';

export const readRollout = readTool({
  name: 'read_rollout',
  purpose:
    'Read the Deployment of a service and its held revisions, each with the difference to the one before.',
  source: 'Kubernetes',
  outsider: ['revisions.*.changeCause', 'revisions.*.diff'],
  input: z.strictObject({ service: z.string() }),
  output: z.object({
    service: z.string(),
    cluster: z.string(),
    namespace: z.string(),
    name: z.string(),
    revision: z.number(),
    desiredReplicas: z.number(),
    readyReplicas: z.number(),
    serviceTier: z.number().nullable(),
    managedBy: z.string().nullable(),
    revisions: z.array(
      z.object({
        revision: z.number(),
        at: z.iso.datetime(),
        images: z.array(z.string()),
        changeCause: z.string().nullable(),
        diff: z.array(FieldDiff),
      }),
    ),
  }),
  async run({ service }, { locate }, signal) {
    const place = await locate(service, signal);
    if (!place) throw new Failure('not_found', `No connected cluster runs a Deployment named ${service}`);
    const [now, revisions] = await Promise.all([
      place.reader.deployment(place, signal),
      place.reader.revisions(place, signal),
    ]);
    return {
      service,
      cluster: place.cluster,
      namespace: place.namespace,
      name: place.name,
      revision: now.revision,
      desiredReplicas: now.desiredReplicas,
      readyReplicas: now.readyReplicas,
      serviceTier: now.serviceTier,
      managedBy: now.managedBy,
      revisions: revisions
        .slice(0, MOST_REVISIONS)
        .map(({ createdMs, templateDigest: _digest, ...revision }) => ({
          ...revision,
          at: new Date(createdMs).toISOString(),
        })),
    };
  },
  showsDiffOf: ({ service }) => service,
  found: ({ revision, readyReplicas, desiredReplicas, revisions }) =>
    `at revision ${revision}, ${readyReplicas} of ${desiredReplicas} ready, ${revisions.length} revisions held`,
});

const MOST_REVISIONS = 10;
