import { z } from 'zod';
import type { Message } from './cloud-event.ts';
import { holding } from './holding.ts';
import { jsonIn } from './json-in.ts';
import type { Received } from './received.ts';
import { Refusal } from './refusal.ts';
import type { Told } from './told.ts';

/**
 * GitHub webhooks (docs.github.com, "Webhook events and payloads"), as far as they tell of a change. INVARIANT: the
 * signature covers the body alone, so nothing in a header decides which event it is: what the same signed body is sent
 * with makes it no other event.
 */
const Text = z.string().max(2_000);
const Time = z.iso.datetime({ offset: true });
const Id = z.number().int().nonnegative();
const Person = z.object({ login: Text }).nullish();
const Repository = z.object({ full_name: z.string().min(1).max(300), name: z.string().min(1).max(200) });

const Deployment = z.object({
  id: Id,
  sha: Text,
  ref: Text,
  environment: Text,
  description: Text.nullish(),
  creator: Person,
  created_at: Time,
  /** Free to whoever deploys: an object, or a text. */
  payload: z.unknown().optional(),
  transient_environment: z.boolean().optional(),
});
const Status = z.object({
  id: Id,
  state: z.string().max(50),
  description: Text.nullish(),
  creator: Person,
  created_at: Time,
  target_url: Text.nullish(),
  log_url: Text.nullish(),
});

const DeploymentEvent = z.object({ repository: Repository, deployment: Deployment });
const StatusEvent = DeploymentEvent.extend({ deployment_status: Status });
const PushEvent = z.object({
  repository: Repository.extend({ default_branch: z.string().max(300) }),
  ref: z.string().max(1_000),
  after: z.string().max(100),
  deleted: z.boolean().optional(),
  compare: Text.optional(),
  pusher: z.object({ name: Text }).nullish(),
  commits: z.array(z.object({ message: z.string() })).max(5_000),
  head_commit: z.object({ message: z.string(), timestamp: Time }).nullish(),
});
const ReleaseEvent = z.object({
  repository: Repository,
  action: Text,
  release: z.object({
    id: Id,
    tag_name: Text,
    html_url: Text.optional(),
    prerelease: z.boolean(),
    author: Person,
    published_at: Time.nullish(),
  }),
});

/** Of a service that is not called as its repository is. */
const Custom = z
  .object({ service: Text.optional().catch(undefined), namespace: Text.optional().catch(undefined) })
  .catch({});

/** One webhook, signed. @throws Refusal naming what does not hold. */
export function githubEvent({ body }: Pick<Message, 'body'>): Received {
  const value = jsonIn(body, 'The body');
  const raw = Buffer.from(body).toString('utf8');
  const has = (member: string) => typeof value === 'object' && value !== null && Object.hasOwn(value, member);
  if (!has('repository')) return { event: ofNoInterest(raw), told: null, raw };
  if (has('deployment_status')) return { ...statusTold(holding(StatusEvent, value, '')), raw };
  if (has('deployment')) return { ...deploymentTold(holding(DeploymentEvent, value, '')), raw };
  if (has('release')) return { ...releaseTold(holding(ReleaseEvent, value, '')), raw };
  if (has('commits') && has('ref')) return { ...pushTold(holding(PushEvent, value, '')), raw };
  return { event: ofNoInterest(raw), told: null, raw };
}

/** Pings, and whatever else is subscribed to. It is counted, and by its content: of two with the same one is a repetition. */
const ofNoInterest = (raw: string): Received['event'] => ({
  id: raw,
  source: 'github',
  type: 'github.other',
});

type Read = Omit<Received, 'raw'>;
const sourceOf = ({ full_name }: { full_name: string }) => `github.com/${full_name}`;

function deploymentTold({ repository, deployment }: z.infer<typeof DeploymentEvent>): Read {
  return {
    event: {
      id: `deployment/${deployment.id}`,
      source: sourceOf(repository),
      type: 'github.deployment',
      time: deployment.created_at,
    },
    told: deployTold(repository, deployment, { at: deployment.created_at, words: 'begun' }),
  };
}

/** What became of a deployment; one that only waits has changed nothing yet, and one that was replaced changed before. */
const changing = new Map([
  ['in_progress', 'in progress'],
  ['success', 'done'],
  ['failure', 'failed'],
  ['error', 'ended with an error'],
]);

function statusTold({
  repository,
  deployment,
  deployment_status: status,
}: z.infer<typeof StatusEvent>): Read {
  const words = changing.get(status.state);
  const link = status.log_url || status.target_url || undefined;
  return {
    event: {
      id: `deployment_status/${status.id}`,
      source: sourceOf(repository),
      type: 'github.deployment_status',
      time: status.created_at,
    },
    told:
      words === undefined
        ? null
        : deployTold(repository, deployment, {
            at: status.created_at,
            words,
            url: link,
            actor: status.creator?.login,
            said: status.description ?? undefined,
          }),
  };
}

function deployTold(
  repository: z.infer<typeof Repository>,
  deployment: z.infer<typeof Deployment>,
  more: {
    at: string;
    words: string;
    url?: string | undefined;
    actor?: string | undefined;
    said?: string | undefined;
  },
): Told | null {
  // Made for one pull request, and gone with it.
  if (deployment.transient_environment === true) return null;
  const { environment, ref, sha, id } = deployment;
  const custom = Custom.parse(deployment.payload);
  const service = custom.service ?? repository.name;
  return {
    change: 'deploy',
    service,
    title: `Deploy of ${service} ${versionOf(ref, sha)} to ${environment} ${more.words}`,
    // One candidate, however many statuses tell of it.
    key: `deploy:github/${repository.full_name}/${id}`,
    at: more.at,
    actor: more.actor ?? deployment.creator?.login,
    environment,
    namespace: custom.namespace,
    version: versionOf(ref, sha),
    url: more.url,
    detail: [`Commit ${sha} of ${repository.full_name}`, more.said ?? deployment.description]
      .filter(Boolean)
      .join('\n'),
  };
}

/** A tag says more than a commit; a branch says less. */
const versionOf = (ref: string, sha: string): string =>
  /^v?\d+(\.\d+)+/.test(ref.replace('refs/tags/', '')) ? ref.replace('refs/tags/', '') : sha.slice(0, 7);

/** A push to the branch that counts, for repositories that are what is deployed. */
function pushTold({
  repository,
  ref,
  after,
  deleted,
  compare,
  pusher,
  commits,
  head_commit,
}: z.infer<typeof PushEvent>): Read {
  const { full_name, name, default_branch } = repository;
  const counts = ref === `refs/heads/${default_branch}` && deleted !== true;
  return {
    event: {
      id: `push/${ref}/${after}`,
      source: sourceOf(repository),
      type: 'github.push',
      time: head_commit?.timestamp,
    },
    told: !counts
      ? null
      : {
          change: 'config',
          service: name,
          title: `${commits.length === 1 ? '1 commit' : `${commits.length} commits`} pushed to ${default_branch} of ${full_name}`,
          actor: pusher?.name,
          url: compare,
          version: after.slice(0, 7),
          detail: head_commit?.message,
        },
  };
}

function releaseTold({ repository, action, release }: z.infer<typeof ReleaseEvent>): Read {
  return {
    event: {
      id: `release/${release.id}/${action}`,
      source: sourceOf(repository),
      type: 'github.release',
      time: release.published_at ?? undefined,
    },
    told:
      action !== 'published' || release.prerelease
        ? null
        : {
            change: 'deploy',
            service: repository.name,
            title: `Release ${release.tag_name} of ${repository.full_name} published`,
            actor: release.author?.login,
            url: release.html_url,
            version: release.tag_name,
          },
  };
}

/**
 * The signature that a webhook must bear (docs.github.com, "Validating webhook deliveries").
 * @throws Refusal 401 where it bears none that could be one.
 */
export function signatureIn(headers: Message['headers']): string {
  const [given = '', ...more] = headers['x-hub-signature-256'] ?? [];
  const [, hex] = more.length > 0 ? [] : (/^sha256=([0-9a-f]{64})$/.exec(given) ?? []);
  if (hex === undefined)
    throw new Refusal(401, 'Sign it: set the secret of the webhook, which sends X-Hub-Signature-256.');
  return hex;
}
