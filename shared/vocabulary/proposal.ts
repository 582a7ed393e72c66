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
  /** `executes` is false where the stage is shadow: it is offered for judgement, and nothing is executed. */
  z.strictObject({
    kind: z.literal('offer'),
    tier: Tier,
    executes: z.boolean().exactOptional(),
    ...answered,
  }),
]);
export type Verdict = z.infer<typeof Verdict>;

/** The id of the connection through which a target is reached; a flag's connection is no cluster, and the name is older. */
const reachedThrough = { cluster: z.string().min(1) };

/** DNS-1123 subdomain, which is ASCII alone: a name that only looks like another is none. */
const objectName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, 'a Kubernetes object name');

/** An object of a Kubernetes cluster that an action works on. */
export const ObjectTarget = z.strictObject({
  ...reachedThrough,
  kind: z.enum([
    'Deployment',
    'StatefulSet',
    'ConfigMap',
    'Ingress',
    'Pod',
    'CronJob',
    'Service',
    'HTTPRoute',
  ]),
  namespace: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'a Kubernetes namespace')
    .max(63),
  name: objectName,
});
export type ObjectTarget = z.infer<typeof ObjectTarget>;

/** A node, which stands in no namespace: an envelope has to name nodes to allow anything on them. */
export const NodeTarget = z.strictObject({
  ...reachedThrough,
  kind: z.literal('Node'),
  namespace: z.literal(''),
  name: objectName,
});
export type NodeTarget = z.infer<typeof NodeTarget>;

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
export const Target = z.discriminatedUnion('kind', [ObjectTarget, NodeTarget, FlagTarget]);
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

/** One person's answer: approve or deny, by whom, when, why, and the digest of what was shown. */
export const SignedAnswer = z.strictObject({
  answer: z.enum(['approve', 'deny']),
  person: z.string().min(1),
  atMs: EpochMs,
  reason: z.string(),
  /** Lower-case hex SHA-256 of `shownText`. */
  shownDigest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Base64 Ed25519 signature of the person over `signed`. */
  signature: z.string(),
  /** The canonical JSON that was signed (`electron/ledger/decision.ts`); absent in decisions of version 1. */
  signed: z.string().exactOptional(),
  /** Base64 of the person's public key; absent in decisions of version 1. */
  publicKey: z.string().exactOptional(),
});
export type SignedAnswer = z.infer<typeof SignedAnswer>;

/** The answer that decided; at tier `two-person` with the approval of another person that came before it. */
export const Decision = SignedAnswer.extend({ first: SignedAnswer.exactOptional() });
export type Decision = z.infer<typeof Decision>;

export const Execution = z.strictObject({
  intentMs: EpochMs,
  steps: z.array(z.strictObject({ atMs: EpochMs, sentence: z.string() })),
  endedMs: EpochMs.nullable(),
});
export type Execution = z.infer<typeof Execution>;

const Sample = z.strictObject({ atMs: EpochMs, value: z.number().nullable() });
export const Watch = z.strictObject({
  /** The newest value before the execution. */
  before: z.number().nullable(),
  /** The minutes before the execution, which the samples after it are tested against. */
  baseline: z.array(Sample).exactOptional(),
  /** Of a back-out: the threshold that the action it undoes was to reach. */
  goal: z.number().exactOptional(),
  samples: z.array(Sample),
  untilMs: EpochMs,
});
export type Watch = z.infer<typeof Watch>;

/** Whether the expected effect came; `inconclusive` where it could not be read or the test is undecided. */
export const Outcome = z.enum(['improved', 'unchanged', 'worse', 'inconclusive']);
export type Outcome = z.infer<typeof Outcome>;

/** What the target itself shows of a write whose answer never came. */
export const Trace = z.strictObject({
  kind: z.enum(['was', 'was-not', 'cannot-tell']),
  evidence: z.string(),
  atMs: EpochMs,
});
export type Trace = z.infer<typeof Trace>;

const because = { atMs: EpochMs, because: z.string() };
const decided = { decision: Decision };
const executed = { ...decided, execution: Execution };

/** Where a proposal is in its life; what a state needs it has, what it cannot have it lacks. */
export const Progress = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('denied') }),
  z.strictObject({ state: z.literal('escalated') }),
  /** `approvals`: at tier `two-person` the first of the two; the second leads on. */
  z.strictObject({ state: z.literal('offered'), approvals: z.array(SignedAnswer).max(1).exactOptional() }),
  z.strictObject({ state: z.literal('expired'), ...because }),
  /** Taken back by a person before anybody decided, or revised by one. */
  z.strictObject({ state: z.literal('withdrawn'), person: z.string(), ...because }),
  z.strictObject({ state: z.literal('voided'), ...because }),
  z.strictObject({ state: z.literal('refused'), ...decided }),
  /** Stage `shadow`: the answer is on record as agreement or disagreement, and nothing was executed. */
  z.strictObject({ state: z.literal('judged'), ...decided, because: z.string() }),
  z.strictObject({ state: z.literal('approved'), ...decided }),
  z.strictObject({ state: z.literal('executing'), ...executed }),
  z.strictObject({ state: z.literal('failed'), ...executed, because: z.string() }),
  /** It may or may not have been applied; a human resolves it. */
  z.strictObject({
    state: z.literal('unknown'),
    ...executed,
    because: z.string(),
    /** Read back once the target could be read; it is evidence, and a human still closes it. */
    trace: Trace.exactOptional(),
  }),
  z.strictObject({ state: z.literal('watching'), ...executed, watch: Watch }),
  z.strictObject({
    state: z.literal('done'),
    ...executed,
    watch: Watch,
    /** Earlier versions said `unknown`. */
    outcome: z.preprocess((word) => (word === 'unknown' ? 'inconclusive' : word), Outcome),
    sentence: z.string(),
    /** The executed proposal that undid it. */
    backedOut: z.strictObject({ by: ProposalId, atMs: EpochMs }).exactOptional(),
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
  /** What people call the connection that the target is reached through, as it was when this was proposed. */
  reachedBy: z.string().max(200).exactOptional(),
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
  proposedBy: z.strictObject({
    /** The host itself proposes nothing but the way back from what made things worse. */
    kind: z.enum(['analyst', 'person', 'host']),
    name: z.string(),
  }),
  proposedMs: EpochMs,
  expiresMs: EpochMs,
  verdict: Verdict,
  /** The facts of the target that the plan rests on; any difference later is drift. */
  seen: z.record(z.string(), z.json()),
  /** The proposal that this one backs out. */
  backsOut: ProposalId.nullable(),
  /** The earlier proposal whose place it takes. */
  revises: ProposalId.nullable().default(null),
  progress: Progress,
});
export type Proposal = z.infer<typeof Proposal>;

/** One fact of the target, as it was when the proposal was made and as it is now; null where there is none. */
export const Difference = z.strictObject({
  field: z.string(),
  was: z.string().nullable(),
  is: z.string().nullable(),
});
export type Difference = z.infer<typeof Difference>;

/** `untried` is no obstacle: there is no way to try it, and the sentence says why. */
export const TrialAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('accepted'), sentence: z.string() }),
  z.strictObject({ kind: z.literal('refused'), because: z.string() }),
  z.strictObject({ kind: z.literal('untried'), because: z.string() }),
]);
export type TrialAnswer = z.infer<typeof TrialAnswer>;

/** What the target's own server says of the action and of its back-out, without doing either. */
export const Trial = z.strictObject({
  atMs: EpochMs,
  action: TrialAnswer,
  backOut: TrialAnswer,
  permissions: TrialAnswer,
});
export type Trial = z.infer<typeof Trial>;

/** The server's and the action's word on live state, for an open card. */
export const Recheck = z.strictObject({
  proposal: ProposalId,
  atMs: EpochMs,
  answer: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('unchanged') }),
    z.strictObject({
      kind: z.literal('drifted'),
      because: z.string(),
      differences: z.array(Difference).default([]),
    }),
    z.strictObject({ kind: z.literal('unreadable'), because: z.string() }),
  ]),
  /** Null where there was nothing to try it on: the target drifted or could not be read. */
  trial: Trial.nullable().default(null),
});
export type Recheck = z.infer<typeof Recheck>;
