import { z } from 'zod';
import type { Identity } from '../http/loopback.ts';
import { identityGroup, reviewGroup } from './discovery.ts';
import type { Authorizer } from './rbac.ts';
import { badRequest, invalid } from './status.ts';

const text = z.string().default('');
const AccessReview = z.looseObject({
  spec: z.looseObject({
    resourceAttributes: z
      .looseObject({
        verb: text,
        group: text,
        resource: text,
        subresource: text,
        namespace: text,
        name: text,
      })
      .optional(),
    nonResourceAttributes: z.looseObject({ path: text, verb: text }).optional(),
  }),
});
const RulesReview = z.looseObject({ spec: z.looseObject({ namespace: text }) });

/** Whether whoever asks may do something, answered from the rules that are enforced. */
export function reviewAccess(may: Authorizer, identity: Identity, body: unknown): object {
  const kind = 'SelfSubjectAccessReview';
  const { spec } = parsed(AccessReview, kind, body);
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (Boolean(resource) === Boolean(path)) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    const causes = [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${path ? JSON.stringify(path) : 'null'}: ${path ? 'cannot be specified in combination with resourceAttributes' : why}`,
        field: path ? 'spec.nonResourceAttributes' : 'spec.resourceAttributes',
      },
    ];
    throw invalid({ plural: '', group: reviewGroup, kind }, '', causes);
  }
  const why = resource
    ? may.mayDo(identity, {
        verb: resource.verb,
        group: resource.group,
        resource:
          resource.subresource === '' ? resource.resource : `${resource.resource}/${resource.subresource}`,
        namespace: resource.namespace === '' ? undefined : resource.namespace,
        name: resource.name === '' ? undefined : resource.name,
      })
    : may.mayReach(identity, path?.verb ?? '', path?.path ?? '');
  return answer(kind, spec, why === null ? { allowed: false } : { allowed: true, reason: why });
}

/** All that whoever asks may do in a namespace. */
export function reviewRules(may: Authorizer, identity: Identity, body: unknown): object {
  const kind = 'SelfSubjectRulesReview';
  const { spec } = parsed(RulesReview, kind, body);
  if (spec.namespace === '') throw badRequest('no namespace on request');
  const rules = may.grants(identity, spec.namespace).map(({ rule }) => rule);
  return answer(
    kind,
    {},
    {
      resourceRules: rules.filter((rule) => rule.resources !== undefined),
      nonResourceRules: rules.filter((rule) => rule.nonResourceURLs !== undefined),
      incomplete: false,
    },
  );
}

/** Who asks, as the server knows them. */
export const reviewIdentity = ({ user, uid, groups }: Identity): object => ({
  kind: 'SelfSubjectReview',
  apiVersion: `${identityGroup}/v1`,
  metadata: { creationTimestamp: null },
  status: { userInfo: { username: user, ...(uid === undefined ? {} : { uid }), groups } },
});

function parsed<T>(schema: z.ZodType<T>, kind: string, body: unknown): T {
  const { success, data } = schema.safeParse(body);
  if (!success) throw badRequest(`${kind} in version "v1" cannot be handled as a ${kind}`);
  return data;
}

const answer = (kind: string, spec: object, status: object) => ({
  kind,
  apiVersion: `${reviewGroup}/v1`,
  metadata: { creationTimestamp: null },
  spec,
  status,
});
