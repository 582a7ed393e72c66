import { z } from 'zod';
import { EpochMs } from './ids.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Whether anything may be proposed, as the status tells it. */
export const EnvelopeState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('in-force'), version: z.string(), digest: Digest }),
  /** `because` says what is wrong and the remedy. */
  z.strictObject({ kind: z.literal('none'), because: z.string() }),
]);
export type EnvelopeState = z.infer<typeof EnvelopeState>;

/** What an envelope allows, in words. */
export const EnvelopeContent = z.strictObject({
  stage: z.string(),
  mayPropose: z.array(z.string()),
  policies: z.array(z.string()),
  tiers: z.array(z.string()),
  windows: z.array(z.string()),
  limits: z.array(z.string()),
  approvers: z.array(z.string()),
});
export type EnvelopeContent = z.infer<typeof EnvelopeContent>;

const signed = {
  version: z.string(),
  digest: Digest,
  signer: z.strictObject({ name: z.string(), publicKey: z.string() }),
  trustedAs: z.enum(['publisher', 'installation', 'approver']),
  signedMs: EpochMs,
  /** When it expires by itself. */
  untilMs: EpochMs.nullable(),
};

/** What speaks for trusting an action, counted from real incidents. */
export const ActionEvidence = z.strictObject({
  action: z.string(),
  executions: z.number().int(),
  clean: z.number().int(),
  judgements: z.number().int(),
  agreements: z.number().int(),
  sentence: z.string(),
});
export type ActionEvidence = z.infer<typeof ActionEvidence>;

/** A version that was accepted, as the ledger has it. */
export const EnvelopeVersionView = z.strictObject({ ...signed, acceptedMs: EpochMs, seq: z.number().int() });
export type EnvelopeVersionView = z.infer<typeof EnvelopeVersionView>;

/** The Envelope page. */
export const EnvelopeView = z.strictObject({
  where: z.string(),
  now: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('in-force'), ...signed, content: EnvelopeContent }),
    z.strictObject({ kind: z.literal('none'), because: z.string() }),
  ]),
  /** Newest first. */
  versions: z.array(EnvelopeVersionView),
  /** Of each action that was executed here, or judged in stage shadow. */
  evidence: z.array(ActionEvidence),
});
export type EnvelopeView = z.infer<typeof EnvelopeView>;

/** What was in force at some time. */
export const EnvelopeThen = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('in-force'),
    version: z.string(),
    digest: Digest,
    sinceMs: EpochMs,
    /** Null for a version from before versions were kept whole. */
    content: EnvelopeContent.nullable(),
  }),
  z.strictObject({ kind: z.literal('none'), because: z.string(), sinceMs: EpochMs }),
  z.strictObject({ kind: z.literal('not-on-record'), because: z.string() }),
]);
export type EnvelopeThen = z.infer<typeof EnvelopeThen>;

/** What became wider or narrower from one version to another. */
export const EnvelopeDiff = z.strictObject({
  older: z.string(),
  newer: z.string(),
  changes: z.array(
    z.strictObject({
      /** `either`: what it does depends on the rest; the requests say it exactly. */
      effect: z.enum(['wider', 'narrower', 'either']),
      sentence: z.string(),
    }),
  ),
  requests: z.strictObject({
    /** How many requests of the truth table get more, or less, than before. */
    wider: z.number().int(),
    narrower: z.number().int(),
    /** The first of them in words. */
    examples: z.array(
      z.strictObject({ effect: z.enum(['wider', 'narrower', 'either']), sentence: z.string() }),
    ),
  }),
  /** Of each action that became wider: what speaks for trusting it that far. */
  evidence: z.array(ActionEvidence),
});
export type EnvelopeDiff = z.infer<typeof EnvelopeDiff>;
