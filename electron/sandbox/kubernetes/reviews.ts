import { z } from 'zod';
import { reviewGroup } from './discovery.ts';
import { mayDo, mayReach, rulesIn, type Subject } from './rbac.ts';
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
export function reviewAccess(subject: Subject, body: unknown): object {
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
  const allowed = resource
    ? mayDo(subject, {
        verb: resource.verb,
        group: resource.group,
        resource:
          resource.subresource === '' ? resource.resource : `${resource.resource}/${resource.subresource}`,
        namespace: resource.namespace === '' ? undefined : resource.namespace,
        name: resource.name === '' ? undefined : resource.name,
      })
    : mayReach(subject, path?.verb ?? '', path?.path ?? '');
  const reason = allowed ? { reason: 'RBAC: allowed by the role of this drill' } : {};
  return answer(kind, spec, { allowed, ...reason });
}

/** All that whoever asks may do in a namespace. */
export function reviewRules(subject: Subject, body: unknown): object {
  const kind = 'SelfSubjectRulesReview';
  const { spec } = parsed(RulesReview, kind, body);
  if (spec.namespace === '') throw badRequest('no namespace on request');
  const rules = rulesIn(subject, spec.namespace);
  return answer(
    kind,
    {},
    {
      resourceRules: rules.filter((rule) => 'resources' in rule),
      nonResourceRules: rules.filter((rule) => 'nonResourceURLs' in rule),
      incomplete: false,
    },
  );
}

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
