import type { ValidationError } from '@cedar-policy/cedar-wasm/nodejs';
import { plainRequest } from '../plain-request.ts';
import { askCedar } from './engine.ts';
import { factsForCedar } from './facts-for-cedar.ts';
import type { PolicyText } from './policy-text.ts';

/** What the validator finds, as sentences that name policy and file. */
export type PolicyFindings = { errors: string[]; warnings: string[] };

/**
 * Checks policies against the schema, and the schema against what this version asks about. Whoever signs must refuse on
 * a warning, too: a policy that can never apply, or whose text only looks like another, is a mistake somebody made.
 */
export function checkPolicies(policies: readonly PolicyText[], schema: string): PolicyFindings {
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  const answer = askCedar((cedar) => cedar.validate({ schema, policies: { staticPolicies } }));
  if (answer.type === 'failure') {
    return {
      errors: answer.errors.map(({ message }) => message),
      warnings: answer.warnings.map(({ message }) => message),
    };
  }
  const fileOf = new Map(policies.map(({ id, file }) => [id, file]));
  const found = ({ policyId, error }: ValidationError) =>
    `${fileOf.get(policyId) ?? policyId}: ${error.message}${error.help === null ? '' : ` (${error.help})`}`;
  return {
    errors: [...answer.validationErrors.map(found), ...misfits(schema)],
    warnings: [
      ...answer.validationWarnings.map(found),
      ...answer.otherWarnings.map(({ message }) => message),
    ],
  };
}

const PROBED = 'checked';

/** A schema that does not describe what the guard asks about would deny every request when it counts. */
function misfits(schema: string): string[] {
  const parsed = askCedar((cedar) => cedar.schemaToJson(schema));
  if (parsed.type === 'failure') return parsed.errors.map(({ message }) => message);
  const actions = Object.entries(parsed.json['']?.actions ?? {})
    .filter(([, { appliesTo }]) => appliesTo)
    .map(([name]) => name);
  if (actions.length === 0) return ['schema.cedarschema: it names no action'];
  askCedar((cedar) => cedar.preparseSchema(PROBED, schema));
  askCedar((cedar) => cedar.preparsePolicySet(PROBED, { staticPolicies: {} }));
  return actions.flatMap((action) => {
    const answer = askCedar((cedar) =>
      cedar.statefulIsAuthorized({
        ...factsForCedar({ ...plainRequest, action }),
        validateRequest: true,
        preparsedSchemaName: PROBED,
        preparsedPolicySetId: PROBED,
      }),
    );
    return answer.type === 'success'
      ? []
      : answer.errors.map(({ message }) => `schema.cedarschema: ${action}: ${message}`);
  });
}
