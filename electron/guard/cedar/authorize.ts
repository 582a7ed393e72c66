import { z } from 'zod';
import { messageOf } from '../../platform/failure.ts';
import { askCedar } from './engine.ts';
import { type AskedOfCedar, factsForCedar } from './facts-for-cedar.ts';
import type { PreparedPolicies } from './prepare-policies.ts';

type Line = { rule: string; sentence: string };

/** What the policies say. `by` names those that permit it. */
export type PolicyAnswer = { kind: 'permitted'; by: string[] } | { kind: 'denied'; rules: Line[] };

/** The only shape of an answer that can permit: no warning, no error of any policy, and a policy that gave the reason. */
const Answered = z.strictObject({
  type: z.literal('success'),
  response: z.strictObject({
    decision: z.enum(['allow', 'deny']),
    diagnostics: z.strictObject({ reason: z.array(z.string()), errors: z.tuple([]) }),
  }),
  warnings: z.tuple([]),
});

/**
 * Asks the policies of the envelope. INVARIANT: Cedar itself fails open, as a `forbid` whose condition errs is skipped and
 * a `permit` then wins; so whatever is not a clean answer denies: an error or a warning anywhere in it, a failure, a
 * shape that is not known, a reason that is no policy of ours, or a throw.
 */
export function authorize(prepared: PreparedPolicies, judged: AskedOfCedar): PolicyAnswer {
  let answer: unknown;
  try {
    const facts = factsForCedar(judged);
    answer = askCedar((cedar) =>
      cedar.statefulIsAuthorized({
        ...facts,
        validateRequest: true,
        preparsedSchemaName: prepared.schema,
        preparsedPolicySetId: prepared.aboutAction.get(judged.action) ?? prepared.policySet,
      }),
    );
  } catch (error) {
    return unsure(`the policies could not be asked: ${messageOf(error)}`);
  }
  const parsed = Answered.safeParse(answer);
  if (!parsed.success) return unsure(`the policies gave no clean answer: ${complaintIn(answer)}`);
  const { decision, diagnostics } = parsed.data.response;
  const { reason } = diagnostics;
  const stranger = reason.find((id) => !prepared.sentences.has(id));
  if (stranger !== undefined)
    return unsure(`the policies gave ${stranger} as a reason, which is none of them`);
  if (decision === 'allow' && reason.length > 0) return { kind: 'permitted', by: reason.toSorted() };
  if (reason.length > 0) {
    const rules = reason.toSorted().map((id) => ({ rule: `policy:${id}`, sentence: sentence(prepared, id) }));
    return { kind: 'denied', rules };
  }
  const nothing = `no policy permits ${judged.action} on this ${judged.target.kind} in ${judged.environment ?? 'no environment'}`;
  return { kind: 'denied', rules: [{ rule: 'not-permitted', sentence: nothing }] };
}

const sentence = ({ sentences }: PreparedPolicies, id: string): string => sentences.get(id) ?? id;

const unsure = (why: string): PolicyAnswer => ({ kind: 'denied', rules: [{ rule: 'cedar', sentence: why }] });

const Complaint = z.object({ message: z.string() });
const Complaints = z.union([
  z.object({ type: z.literal('failure'), errors: z.array(Complaint) }).transform(({ errors }) => errors),
  z
    .object({
      response: z.object({
        diagnostics: z.object({ errors: z.array(z.object({ policyId: z.string(), error: Complaint })) }),
      }),
      warnings: z.array(Complaint),
    })
    .transform(({ response, warnings }) => [
      ...response.diagnostics.errors.map(({ policyId, error }) => ({
        message: `${policyId}: ${error.message}`,
      })),
      ...warnings,
    ]),
]);

function complaintIn(answer: unknown): string {
  const told = Complaints.safeParse(answer);
  // Cedar tells them in no order, and the same request must read the same each time.
  const messages = told.success ? told.data.map(({ message }) => message).toSorted() : [];
  return messages.length === 0 ? 'its shape is not known' : messages.slice(0, 3).join('; ');
}
