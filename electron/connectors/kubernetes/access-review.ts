import { z } from 'zod';
import { Refused } from '../../platform/http-reply.ts';
import type { AccessAnswer, AccessQuestion, HeldRight, RightsReader } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';

const AUTHORIZATION = '/apis/authorization.k8s.io/v1';
const AUTHENTICATION = '/apis/authentication.k8s.io/v1';
/** So many at once: an API server that guards itself answers more with 429. */
const AT_ONCE = 6;

/** The server's own word on what the credentials of a connection may do. It is asked; nothing is tried. */
export function rightsReader(api: ClusterApi): RightsReader {
  return {
    async review(questions, signal) {
      const answers: AccessAnswer[] = [];
      for (let at = 0; at < questions.length; at += AT_ONCE) {
        const some = questions.slice(at, at + AT_ONCE);
        answers.push(...(await Promise.all(some.map((question) => reviewed(api, question, signal)))));
      }
      return answers;
    },
    rules: (namespace, signal) => rulesIn(api, namespace, signal),
    async groups(signal) {
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
      const path = `${AUTHENTICATION}/selfsubjectreviews`;
      try {
        return (await api.ask(Identity, path, body, signal)).status.userInfo.groups ?? [];
      } catch (error) {
        if (error instanceof Refused && (error.status === 403 || error.status === 404)) return null;
        throw error;
      }
    },
  };
}

const Identity = z.object({
  status: z.object({ userInfo: z.object({ groups: z.array(z.string()).max(1_000).nullish() }) }),
});

const Asked = z.object({
  resourceAttributes: z
    .object({
      verb: z.string(),
      group: z.string().optional(),
      resource: z.string(),
      subresource: z.string().optional(),
      namespace: z.string().optional(),
    })
    .optional(),
});
const Review = z.object({
  spec: Asked.optional(),
  status: z.object({ allowed: z.boolean(), denied: z.boolean().optional() }),
});

/** An answer to something else than what was asked, or one that says both, is none. */
async function reviewed(
  api: ClusterApi,
  question: AccessQuestion,
  signal: AbortSignal,
): Promise<AccessAnswer> {
  const { verb, group, namespace, name } = question;
  const [resource = '', subresource] = question.resource.split('/');
  const resourceAttributes = {
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  const { spec, status } = await api.ask(Review, `${AUTHORIZATION}/selfsubjectaccessreviews`, body, signal);
  const about = spec?.resourceAttributes;
  const isAnother =
    about !== undefined &&
    (about.verb !== verb ||
      (about.group ?? '') !== group ||
      about.resource !== resource ||
      (about.subresource ?? '') !== (subresource ?? '') ||
      (about.namespace ?? '') !== (namespace ?? ''));
  if (isAnother || (status.allowed && status.denied)) return 'unclear';
  return status.allowed ? 'allowed' : 'denied';
}

const Rules = z.object({
  status: z.object({
    incomplete: z.boolean().optional(),
    resourceRules: z
      .array(
        z.object({
          verbs: z.array(z.string()).max(100),
          apiGroups: z.array(z.string()).max(100).nullish(),
          resources: z.array(z.string()).max(500).nullish(),
          resourceNames: z.array(z.string()).max(1_000).nullish(),
        }),
      )
      .max(2_000)
      .nullish(),
  }),
});
/** More than this is not told apart any more; a server may answer whatever it likes. */
const MOST_RIGHTS = 5_000;

/** What holds in a namespace. For reading only: servers with other authorizers than RBAC may leave things out. */
async function rulesIn(api: ClusterApi, namespace: string, signal: AbortSignal) {
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace },
  };
  const { status } = await api.ask(Rules, `${AUTHORIZATION}/selfsubjectrulesreviews`, body, signal);
  const held = new Map<string, HeldRight>();
  for (const { verbs, apiGroups, resources, resourceNames } of status.resourceRules ?? []) {
    const names = resourceNames ?? [];
    for (const group of apiGroups ?? [])
      for (const resource of resources ?? [])
        for (const verb of verbs) {
          if (held.size >= MOST_RIGHTS) return { held: [...held.values()], incomplete: true };
          held.set(JSON.stringify([verb, group, resource, names]), { verb, group, resource, names });
        }
  }
  return { held: [...held.values()], incomplete: status.incomplete ?? false };
}
