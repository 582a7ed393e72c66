import { z } from 'zod';
import { BlastClass, Target, Tier } from '../vocabulary/proposal.ts';
import { StopState } from '../vocabulary/status.ts';

const Count = z.number().int().nonnegative();

/**
 * What the guard judges by, as a file tells it. What is left out speaks neither for nor against: nothing ran lately, the
 * target was observed, no breaker is open.
 */
export const GuardFacts = z.strictObject({
  at: z.iso.datetime({ offset: true }).optional(),
  action: z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'the name of an action'),
  arguments: z.record(z.string(), z.json()).default({}),
  proposedBy: z.enum(['analyst', 'person']).default('analyst'),
  target: Target,
  namespaceLabels: z.record(z.string(), z.string()).default({}),
  blastRadius: BlastClass,
  reversible: z.boolean().default(true),
  backOutCommand: z.string().default('undo'),
  backsOut: z.boolean().default(false),
  serviceTier: z.number().int().min(1).max(5).nullable().default(null),
  /** Absent: the target's name. */
  service: z.string().optional(),
  /** Absent: true for a StatefulSet. */
  keepsData: z.boolean().optional(),
  backupRunning: z.string().nullable().default(null),
  moves: z.strictObject({ of: z.string(), from: z.number(), to: z.number() }).nullable().default(null),
  managedBy: z.string().nullable().default(null),
  confidence: z.number().min(0).max(1).default(1),
  evidence: z.enum(['observed', 'suspicious', 'outsider-text-only']).default('observed'),
  stop: StopState.default({ stopped: false }),
  targetObserved: z.boolean().default(true),
  executionsOnTarget: Count.default(0),
  executionsOnService: Count.default(0),
  executionsInWindow: Count.default(0),
  denialsInWindow: Count.default(0),
  failuresInARow: Count.default(0),
  lastWasWorse: z.boolean().default(false),
  analystOverBudget: z.string().nullable().default(null),
  surplusCredentials: z.string().nullable().default(null),
});
export type GuardFacts = z.infer<typeof GuardFacts>;

/** `by` names a rule or a policy that must be among those that gave the verdict, so that none is right by accident. */
const Expected = z.discriminatedUnion('verdict', [
  z.strictObject({ verdict: z.literal('offer'), tier: Tier }),
  z.strictObject({ verdict: z.literal('escalate'), by: z.string() }),
  z.strictObject({ verdict: z.literal('deny'), by: z.string() }),
]);
export type ExpectedVerdict = z.infer<typeof Expected>;

/** `tests.yaml` of an envelope, `countersign.envelope-tests/1`. */
export const EnvelopeTests = z.strictObject({
  format: z.literal('countersign.envelope-tests/1'),
  /** The moment at which requests are judged that name none. */
  at: z.iso.datetime({ offset: true }),
  tests: z
    .array(z.strictObject({ name: z.string().min(1), request: GuardFacts, expect: Expected }))
    .min(1)
    .max(10_000),
});
export type EnvelopeTests = z.infer<typeof EnvelopeTests>;
