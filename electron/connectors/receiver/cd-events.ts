import { z } from 'zod';
import type { CloudEvent } from './cloud-event.ts';
import { holding } from './holding.ts';
import { artifactOf } from './package-url.ts';
import { rolloutKey } from './rollout-key.ts';
import type { Told } from './told.ts';

/** CDEvents (https://cdevents.dev, 0.4 and 0.5) as far as they tell of a change in production. */
const Text = z.string().max(2_000);
const Subject = z.object({ id: z.string().min(1).max(1_024) });
const Environment = z.object({ id: Text, name: Text.optional() });
const context = z.object({ timestamp: z.iso.datetime({ offset: true }).optional() }).optional();
const common = { context, customData: z.unknown().optional() };

const ServiceEvent = z.object({
  ...common,
  subject: Subject.extend({
    content: z.object({ environment: Environment.optional(), artifactId: Text.optional() }).default({}),
  }),
});
const EnvironmentEvent = z.object({
  ...common,
  subject: Subject.extend({
    content: z.object({ name: Text.optional(), url: Text.optional() }).default({}),
  }),
});
const ChangeEvent = z.object({
  ...common,
  subject: Subject.extend({
    content: z.object({ repository: z.object({ id: Text }).optional() }).default({}),
  }),
});

/** Belongs to the sender, who may mean something else by a name: what does not fit is as if it were not there. */
const Custom = z
  .object({
    service: Text.optional().catch(undefined),
    namespace: Text.optional().catch(undefined),
    /** The Deployment, where it is not called as the service is. */
    name: Text.optional().catch(undefined),
    /** Number of the Deployment's revision. */
    revision: z
      .union([
        z.number(),
        z
          .string()
          .regex(/^\d{1,9}$/)
          .transform(Number),
      ])
      .pipe(z.number().int().positive())
      .optional()
      .catch(undefined),
    version: Text.optional().catch(undefined),
    actor: Text.optional().catch(undefined),
    url: Text.optional().catch(undefined),
  })
  .catch({});

/** `dev.cdevents.<subject>.<predicate>`, with or without the version that CDEvents puts behind it. */
const typePattern = /^dev\.cdevents\.([a-z]+)\.([a-z]+)(\.\d+\.\d+\.\d+(-[\w.]+)?)?$/;

/**
 * The change that a CDEvent tells of; null for the many that tell of none (builds, tests, incidents, tickets).
 * @throws Refusal naming the member that does not hold.
 */
export function toldByCdEvent({ type, data }: CloudEvent): Told | null {
  const [, subject, predicate = ''] = typePattern.exec(type) ?? [];
  const verb = subject === 'service' ? serviceVerbs.get(predicate) : undefined;
  if (verb) return serviceChange(verb, data);
  if (subject === 'environment' && /^(created|modified|deleted)$/.test(predicate))
    return environmentChange(predicate, data);
  // Reviews and closed requests change nothing that runs; a merge may, where the repository is what is deployed.
  return subject === 'change' && predicate === 'merged' ? mergedChange(data) : null;
}

type Verb = {
  change: Told['change'];
  isOfNoVersion?: true;
  words(service: string, version: string): string;
};

const serviceVerbs = new Map<string, Verb>([
  ['deployed', { change: 'deploy', words: (service, version) => `${service}${version} deployed to` }],
  [
    'upgraded',
    { change: 'deploy', words: (service, version) => `${service} upgraded${version && ` to${version}`} in` },
  ],
  [
    'rolledback',
    {
      change: 'deploy',
      words: (service, version) => `${service} rolled back${version && ` to${version}`} in`,
    },
  ],
  // Names what is gone, not what came: it is no rollout of that version.
  ['removed', { change: 'deploy', isOfNoVersion: true, words: (service) => `${service} removed from` }],
  // Not another deploy: what is deployed already gets an address that users reach.
  ['published', { change: 'traffic', words: (service) => `${service} published in` }],
]);

function serviceChange(verb: Verb, data: unknown): Told {
  const { context, subject, customData } = holding(ServiceEvent, data, 'data');
  const custom = Custom.parse(customData);
  const { environment, artifactId } = subject.content;
  const artifact = artifactId === undefined ? null : artifactOf(artifactId);
  const service = custom.service ?? lastPart(subject.id);
  const version = verb.isOfNoVersion ? undefined : (custom.version ?? artifact?.version ?? undefined);
  const where = environment?.name ?? environment?.id;
  const { namespace, name = service, revision } = custom;
  return {
    change: verb.change,
    service,
    title: `${verb.words(service, version ? ` ${version}` : '')} ${where ?? 'an environment without a name'}`,
    key:
      verb.change === 'deploy' && !verb.isOfNoVersion ? rolloutKey({ namespace, name, revision }) : undefined,
    at: context?.timestamp,
    actor: custom.actor,
    environment: where,
    namespace,
    version,
    artifact: verb.isOfNoVersion ? undefined : artifactId,
    url: custom.url,
  };
}

function environmentChange(predicate: string, data: unknown): Told {
  const { context, subject, customData } = holding(EnvironmentEvent, data, 'data');
  const { actor, url, service } = Custom.parse(customData);
  const name = subject.content.name ?? subject.id;
  return {
    change: 'infrastructure',
    service: service ?? null,
    title: `Environment ${name} ${predicate}`,
    at: context?.timestamp,
    actor,
    environment: name,
    url: url ?? subject.content.url,
  };
}

function mergedChange(data: unknown): Told {
  const { context, subject, customData } = holding(ChangeEvent, data, 'data');
  const { actor, url, service } = Custom.parse(customData);
  const repository = subject.content.repository?.id;
  return {
    change: 'config',
    service: service ?? null,
    title: `Change ${subject.id} merged${repository ? ` in ${repository}` : ''}`,
    at: context?.timestamp,
    actor,
    url,
  };
}

/** `service/myapp` and `daemonset/myapp` are what CDEvents calls a service `myapp`. */
const lastPart = (id: string): string => id.split('/').filter(Boolean).at(-1) ?? id;
