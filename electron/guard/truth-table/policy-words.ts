import { authorize } from '../cedar/authorize.ts';
import type { AskedOfCedar } from '../cedar/facts-for-cedar.ts';
import type { PolicyText } from '../cedar/policy-text.ts';
import { type PreparedPolicies, prepareAlone } from '../cedar/prepare-policies.ts';
import { policiesByAction, whatPoliciesRead } from '../cedar/what-policies-read.ts';
import type { LoadedEnvelope } from '../envelope/loaded-envelope.ts';
import { plainRequest } from '../plain-request.ts';

type Member = Exclude<keyof AskedOfCedar, 'target'> | `target.${keyof AskedOfCedar['target']}`;

/** Which member of a request stands behind each member that policies can read. */
const BEHIND: Readonly<Record<string, readonly Member[]>> = {
  'principal.*': ['proposedBy'],
  'resource.kind': ['target.kind'],
  'resource.name': ['target.name'],
  'resource.namespace': ['target.namespace'],
  'resource.cluster': ['cluster'],
  'resource.environment': ['environment'],
  'resource.service': ['service'],
  'resource.serviceTier': ['tierOfService', 'service'],
  'resource.keepsData': ['keepsData'],
  'resource.managedBy': ['managedBy'],
  'resource.observed': ['targetObserved'],
  'context.stage': ['stage'],
  'context.blastRadius': ['blastRadius'],
  'context.reversible': ['reversible'],
  'context.hasBackOut': ['backOutCommand'],
  'context.backsOut': ['backsOut'],
  'context.confidencePercent': ['confidence'],
  'context.evidence': ['evidence'],
  'context.changeWindow': ['windows', 'environment'],
  'context.inFreeze': ['windows'],
  'context.inBackup': ['windows', 'backupRunning'],
  'context.stopped': ['stop'],
  'context.executionsOnTarget': ['executionsOnTarget'],
  'context.executionsOnService': ['executionsOnService'],
  'context.executionsInWindow': ['executionsInWindow'],
  'context.denialsInWindow': ['denialsInWindow'],
  'context.failuresInARow': ['failuresInARow'],
  'context.lastWasWorse': ['lastWasWorse'],
  'context.analystOverBudget': ['analystOverBudget'],
};

/** What one policy says to a request: an error of its own denies, whatever the others say. */
export type PolicyWord = 'permits' | 'is silent' | 'denies';

export const ofBoth = (one: PolicyWord, other: PolicyWord): PolicyWord =>
  ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other;
const ORDER: readonly PolicyWord[] = ['is silent', 'permits', 'denies'];

export type PolicyInTable = {
  id: string;
  says(request: AskedOfCedar): PolicyWord;
  /** What of a place its word depends on, as a key. */
  readsOf(request: AskedOfCedar): string;
};

/**
 * Each policy by itself, as far as it can be about each action. Asked alone it depends on the few members that it reads
 * and is asked once for all requests that agree in them; what they come to together is Cedar's own rule: a forbid or an
 * error denies, else a permit permits. What it does not know to stand behind a member counts as read whole.
 */
export function policiesInTable({
  prepared,
  policies,
  schema,
}: Pick<LoadedEnvelope, 'prepared' | 'policies' | 'schema'>): ReadonlyMap<string, readonly PolicyInTable[]> {
  const byPolicy = new Map(policies.map((policy) => [policy.id, alone(policy, prepared)]));
  return new Map(
    [...policiesByAction(policies, schema, prepared.actions)].map(([action, about]) => [
      action,
      about.flatMap(({ id }) => byPolicy.get(id) ?? []),
    ]),
  );
}

function alone(policy: PolicyText, prepared: PreparedPolicies): PolicyInTable {
  const one = prepareAlone(policy, prepared);
  const read = whatPoliciesRead([policy]);
  const members = [...new Set([...read.members].flatMap((member) => BEHIND[member] ?? all))];
  const known = new Map<string, PolicyWord>();
  return {
    id: policy.id,
    says(request) {
      const values = members.map((member) => [member, memberOf(request, member)] as const);
      const key = JSON.stringify([request.action, values]);
      const before = known.get(key);
      if (before !== undefined) return before;
      const answer = authorize(one, { ...withValues(values), action: request.action });
      const isSilent = answer.kind === 'denied' && answer.rules.every(({ rule }) => rule === 'not-permitted');
      const word = answer.kind === 'permitted' ? 'permits' : isSilent ? 'is silent' : 'denies';
      known.set(key, word);
      return word;
    },
    readsOf: (request) =>
      JSON.stringify(members.filter(isOfPlace).map((member) => memberOf(request, member))),
  };
}

/** What differs from row to row; windows and tiers come to other values there. */
const isOfPlace = (member: Member): boolean => OF_PLACE.has(member);
const OF_PLACE: ReadonlySet<Member> = new Set<Member>([
  'action',
  'target.kind',
  'target.namespace',
  'target.name',
  'cluster',
  'environment',
  'service',
  'namespaceLabels',
]);

const memberOf = (request: AskedOfCedar, member: Member): unknown => {
  switch (member) {
    case 'target.kind':
      return request.target.kind;
    case 'target.namespace':
      return request.target.namespace;
    case 'target.name':
      return request.target.name;
    default:
      return request[member];
  }
};

/** A request with these values, and plain ones where nothing reads any. */
function withValues(values: readonly (readonly [Member, unknown])[]): AskedOfCedar {
  const given: Record<string, unknown> = Object.fromEntries(values);
  const { target } = plainRequest;
  return {
    ...plainRequest,
    ...given,
    target: {
      kind: String(given['target.kind'] ?? target.kind),
      namespace: String(given['target.namespace'] ?? target.namespace),
      name: String(given['target.name'] ?? target.name),
    },
  };
}

const all: Member[] = [
  ...(Object.keys(plainRequest) as (keyof AskedOfCedar)[]).filter((member) => member !== 'target'),
  'target.kind',
  'target.namespace',
  'target.name',
];
