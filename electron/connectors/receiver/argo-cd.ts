import { z } from 'zod';
import type { Message } from './cloud-event.ts';
import { holding } from './holding.ts';
import { jsonIn } from './json-in.ts';
import type { Received } from './received.ts';

/** What the template of docs/events.md makes of an Application of Argo CD. A template writes what is absent as null or ''. */
const Text = z.string().max(2_000).nullish();
const Notification = z.object({
  format: z.literal('countersign.argo-cd/1'),
  application: z.string().min(1).max(253),
  project: Text,
  /** Where its objects go. */
  namespace: Text,
  destination: Text,
  repository: Text,
  revision: Text,
  images: z.array(z.string().max(1_000)).max(500).nullish(),
  /** Of the operation: `Running`, `Succeeded`, `Failed`, `Error`. */
  phase: z.string().max(50),
  message: z.string().max(16_000).nullish(),
  startedAt: z.iso.datetime({ offset: true }).nullish(),
  finishedAt: z.iso.datetime({ offset: true }).nullish(),
  actor: Text,
  url: Text,
});

const outcomes = new Map([
  ['Succeeded', 'synced'],
  ['Failed', 'failed to sync'],
  ['Error', 'failed to sync'],
]);

/** One notification. @throws Refusal naming what does not hold. */
export function argoCdEvent({ body }: Pick<Message, 'body'>): Received {
  const told = holding(Notification, jsonIn(body, 'The body'), '');
  const { application, phase, revision, startedAt, finishedAt, images } = told;
  const begun = startedAt ?? finishedAt ?? '';
  const words = outcomes.get(phase);
  const image =
    (images ?? []).find((one) => nameOf(one) === application) ??
    (images?.length === 1 ? images[0] : undefined);
  return {
    event: {
      id: `${application}/${revision ?? ''}/${begun}/${phase}`,
      source: `argo-cd/${told.project || 'default'}`,
      type: 'argo-cd.sync',
      time: finishedAt ?? startedAt ?? undefined,
    },
    told:
      words === undefined
        ? null
        : {
            change: 'deploy',
            service: application,
            title: `${application} ${words}${revision ? ` to ${revision.slice(0, 12)}` : ''} by Argo CD`,
            actor: told.actor || undefined,
            namespace: told.namespace || undefined,
            environment: told.destination || undefined,
            version: versionOf(image) ?? (revision || undefined),
            artifact: image,
            url: told.url || undefined,
            detail: [
              told.message,
              told.repository && `From ${told.repository}`,
              ...(images ?? []).slice(0, 20),
            ]
              .filter(Boolean)
              .join('\n'),
          },
    raw: Buffer.from(body).toString('utf8'),
  };
}

/** `registry:5000/shop/checkout:1.42@sha256:…` is the image `checkout`, of version 1.42. */
const nameOf = (image: string): string => (image.split('/').at(-1) ?? '').split(/[:@]/)[0] ?? '';
const versionOf = (image: string | undefined): string | undefined =>
  /:([^:@/]+)(@|$)/.exec((image ?? '').split('/').at(-1) ?? '')?.[1];
