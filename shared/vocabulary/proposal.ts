import { z } from 'zod';
import { Evidence } from './hypothesis.ts';
import { EpochMs, IncidentId, ProposalId, Realm } from './ids.ts';

export const BlastClass = z.enum(['pod', 'deployment', 'namespace', 'cluster']);
export type BlastClass = z.infer<typeof BlastClass>;

/** How much ceremony an approval takes. */
export const Tier = z.enum(['ack', 'confirm', 'two-person']);
export type Tier = z.infer<typeof Tier>;

/** The guard's answer, with the rules that gave it. `atMs` is when it was asked. */
const answered = {
  rules: z.array(z.strictObject({ rule: z.string(), sentence: z.string() })),
  envelope: z.strictObject({ version: z.string(), digest: z.string() }),
  atMs: EpochMs,
};
export const Verdict = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('deny'), ...answered }),
  z.strictObject({ kind: z.literal('escalate'), ...answered }),
  z.strictObject({ kind: z.literal('offer'), tier: Tier, ...answered }),
]);
export type Verdict = z.infer<typeof Verdict>;

/** The id of the connection through which a target is reached; a flag's connection is no cluster, and the name is older. */
const reachedThrough = { cluster: z.string().min(1) };

/** An object of a Kubernetes cluster that an action works on. */
export const ObjectTarget = z.strictObject({
  ...reachedThrough,
  kind: z.enum(['Deployment', 'StatefulSet', 'ConfigMap', 'Ingress']),
  namespace: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'a Kubernetes namespace')
    .max(63),
  name: z
    .string()
    .regex(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/, 'a Kubernetes object name')
    .max(253),
});
export type ObjectTarget = z.infer<typeof ObjectTarget>;

const urlFriendly = (what: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_~-][A-Za-z0-9_.~-]*$/, what)
    .max(100);

/** A feature flag in one environment. The environment stands where an object has its namespace: what is allowed goes by it. */
export const FlagTarget = z.strictObject({
  ...reachedThrough,
  kind: z.literal('Flag'),
  project: urlFriendly('a project of flags'),
  namespace: urlFriendly('an environment of flags'),
  name: urlFriendly('the name of a flag'),
});
export type FlagTarget = z.infer<typeof FlagTarget>;

/** What an action works on. */
export const Target = z.discriminatedUnion('kind', [ObjectTarget, FlagTarget]);
export type Target = z.infer<typeof Target>;

/** The measurable effect that is watched after the execution. */
export const ExpectedEffect = z.strictObject({
  sentence: z.string(),
  /** The service metric that is read again and again, named as in `MetricSeries`. */
  service: z.string(),
  metric: z.string(),
  comparison: z.enum(['below', 'above']),
  threshold: z.number(),
  unit: z.string(),
  withinMs: z.number().int().positive(),
  /** How long it must hold without a break before it counts. */
  holdMs: z.number().int().nonnegative(),
});
export type ExpectedEffect = z.infer<typeof ExpectedEffect>;

/** Approve or deny, by whom, when, why, and the digest of what was shown. */
export const Decision = z.strictObject({
  answer: z.enum(['approve', 'deny']),
  person: z.string().min(1),
  atMs: EpochMs,
  reason: z.string(),
  /** Lower-case hex SHA-256 of `shownText`. */
  shownDigest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Base64 Ed25519 signature of the approver over the canonical JSON of the other members and the proposal's id. */
  signature: z.string(),
});
export type Decision = z.infer<typeof Decision>;

export const Execution = z.strictObject({
  intentMs: EpochMs,
  steps: z.array(z.strictObject({ atMs: EpochMs, sentence: z.string() })),
  endedMs: EpochMs.nullable(),
});
export type Execution = z.infer<typeof Execution>;

export const Watch = z.strictObject({
  before: z.number().nullable(),
  samples: z.array(z.strictObject({ atMs: EpochMs, value: z.number().nullable() })),
  untilMs: EpochMs,
});
export type Watch = z.infer<typeof Watch>;

/** Whether the expected effect came. */
export const Outcome = z.enum(['improved', 'unchanged', 'worse', 'unknown']);
export type Outcome = z.infer<typeof Outcome>;

const because = { atMs: EpochMs, because: z.string() };
const decided = { decision: Decision };
const executed = { ...decided, execution: Execution };

/** Where a proposal is in its life; what a state needs it has, what it cannot have it lacks. */
export const Progress = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('denied') }),
  z.strictObject({ state: z.literal('escalated') }),
  z.strictObject({ state: z.literal('offered') }),
  z.strictObject({ state: z.literal('expired'), ...because }),
  z.strictObject({ state: z.literal('voided'), ...because }),
  z.strictObject({ state: z.literal('refused'), ...decided }),
  z.strictObject({ state: z.literal('approved'), ...decided }),
  z.strictObject({ state: z.literal('executing'), ...executed }),
  z.strictObject({ state: z.literal('failed'), ...executed, because: z.string() }),
  /** It may or may not have been applied; a human resolves it. */
  z.strictObject({ state: z.literal('unknown'), ...executed, because: z.string() }),
  z.strictObject({ state: z.literal('watching'), ...executed, watch: Watch }),
  z.strictObject({
    state: z.literal('done'),
    ...executed,
    watch: Watch,
    outcome: Outcome,
    sentence: z.string(),
  }),
]);
export type Progress = z.infer<typeof Progress>;
export type ProposalState = Progress['state'];

/** A write that someone may approve. */
export const Proposal = z.strictObject({
  id: ProposalId,
  incident: IncidentId,
  realm: Realm,
  action: z.string(),
  target: Target,
  arguments: z.record(z.string(), z.json()),
  title: z.string().max(300),
  /** What will be done, as a command a person would type: for reading, never run by a shell. */
  command: z.string(),
  blastRadius: z.strictObject({ class: BlastClass, sentence: z.string() }),
  reversible: z.boolean(),
  backOutCommand: z.string(),
  expectedEffect: ExpectedEffect,
  preconditions: z.array(z.string()),
  rationale: z.string().max(2_000),
  evidence: z.array(Evidence),
  confidence: z.number().min(0).max(1),
  confidenceRestsOn: z.string(),
  proposedBy: z.strictObject({ kind: z.enum(['analyst', 'person']), name: z.string() }),
  proposedMs: EpochMs,
  expiresMs: EpochMs,
  verdict: Verdict,
  /** The facts of the target that the plan rests on; any difference later is drift. */
  seen: z.record(z.string(), z.json()),
  /** The proposal that this one backs out. */
  backsOut: ProposalId.nullable(),
  progress: Progress,
});
export type Proposal = z.infer<typeof Proposal>;

/** The guard's and the action's word on live state, for an open card. */
export const Recheck = z.strictObject({
  proposal: ProposalId,
  atMs: EpochMs,
  answer: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('unchanged') }),
    z.strictObject({ kind: z.literal('drifted'), because: z.string() }),
    z.strictObject({ kind: z.literal('unreadable'), because: z.string() }),
  ]),
});
export type Recheck = z.infer<typeof Recheck>;
