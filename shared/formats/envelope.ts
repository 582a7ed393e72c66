import { z } from 'zod';
import { BlastClass, Tier } from '../vocabulary/proposal.ts';
import { Stage } from '../vocabulary/status.ts';

/** A name that policies, tiers and windows refer to: plain, so that no two look alike. */
const PlainName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a plain name: a-z, 0-9 and -, at most 63 characters');

/** Letters, digits and `-_.`, where `*` stands for any run of characters. */
const Pattern = z
  .string()
  .regex(
    /^[A-Za-z0-9*][A-Za-z0-9*._-]{0,252}$/,
    'a pattern: letters, digits, -, _ and ., * for any run of them',
  );
const Patterns = z.array(Pattern).min(1);
const ServiceTier = z.number().int().min(1).max(5);
const Count = z.number().int().positive();
const PerWindow = z.strictObject({ most: Count, withinMinutes: Count });

/** How a target is recognised as belonging to an environment: every member that is present must hold. */
const Environment = z.strictObject({
  name: PlainName,
  /** Namespaces of objects. Absent: no namespaced object belongs to it. */
  namespaces: Patterns.optional(),
  /** Ids of connections. Absent: any. What has no namespace, a node, goes by these alone. */
  clusters: Patterns.optional(),
  /** Environments of flags. Absent: no flag belongs to it. */
  flagEnvironments: Patterns.optional(),
  /** Labels that the namespace of an object must carry, besides. */
  namespaceLabels: z.record(z.string().min(1).max(317), z.string().max(63)).optional(),
  /** Names of change windows: nothing but a back-out may be proposed or executed outside all of them. */
  changesOnlyIn: z.array(PlainName).min(1).optional(),
});

/**
 * A stretch of time that comes again. `starts` and `ends` are wall-clock times in `timeZone`; `lasts` is an ISO 8601
 * duration from each start, where days are calendar days. Without `rrule` it comes once.
 */
const Window = z.strictObject({
  name: PlainName,
  kind: z.enum(['change-window', 'freeze', 'backup']),
  timeZone: z.string().refine(isTimeZone, 'an IANA time zone, as Europe/Berlin or UTC'),
  starts: z.iso.datetime({ local: true }).refine(isLocal, 'a local time without Z or offset'),
  lasts: z.iso.duration(),
  /** RFC 5545, as `FREQ=WEEKLY;BYDAY=MO,TU`; DAILY or longer, without UNTIL (write `ends`) and DTSTART (`starts`). */
  rrule: z
    .string()
    .max(500)
    .regex(/^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]+=[-+A-Z0-9,]+)*$/, 'an RRULE that begins with FREQ=')
    .refine((rule) => !/;(UNTIL|DTSTART|TZID)=/.test(rule), 'no UNTIL, DTSTART or TZID: use starts and ends')
    .optional(),
  /** No start after this local time. */
  ends: z.iso.datetime({ local: true }).refine(isLocal, 'a local time without Z or offset').optional(),
  /** Where it holds; absent: everywhere. */
  environments: z.array(PlainName).min(1).optional(),
  namespaces: Patterns.optional(),
});

/** A tier line's condition: every member that is present must hold. */
const Condition = z.strictObject({
  actions: z.array(PlainName).min(1).optional(),
  blastRadius: BlastClass.optional(),
  environment: PlainName.optional(),
  /** Holds for services of this tier or a more important one (a smaller number). */
  serviceTierAtMost: ServiceTier.optional(),
  reversible: z.boolean().optional(),
  backsOut: z.boolean().optional(),
  keepsData: z.boolean().optional(),
  confidenceBelow: z.number().min(0).max(1).optional(),
});
export type TierCondition = z.infer<typeof Condition>;

const Bounds = z
  .strictObject({ min: z.number(), max: z.number(), step: z.number().positive().optional() })
  .refine(({ min, max }) => min <= max, 'min must not be above max');

const Approver = z.strictObject({
  name: z.string().trim().min(1).max(100),
  /** Base64 of the raw Ed25519 key; decisions by this name must verify with it. */
  publicKey: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, 'base64 of a raw Ed25519 public key (32 bytes)')
    .optional(),
  /** `*` alone stands for all of its kind. */
  may: z
    .array(
      z.strictObject({
        actions: z.array(z.string()).min(1),
        environments: z.array(z.string()).min(1),
        tiers: z.array(Tier).min(1),
      }),
    )
    .min(1),
});

/**
 * `envelope.yaml`, `countersign.envelope/2`: everything in the envelope that is no policy. What each member means is
 * written in the default one in `resources/envelope`.
 */
export const Envelope = z
  .strictObject({
    format: z.literal('countersign.envelope/2'),
    /** A whole number as text, above that of the version before. */
    version: z.preprocess(
      (value) => (typeof value === 'number' ? String(value) : value),
      z.string().regex(/^[1-9][0-9]{0,8}$/, 'a whole number above 0'),
    ),
    validUntil: z.iso.datetime({ offset: true }).optional(),
    stage: Stage,
    environments: z.array(Environment).min(1).max(50),
    serviceTiers: z.strictObject({
      /** Of a service whose tier neither its label nor `names` states. */
      default: ServiceTier,
      names: z.array(z.strictObject({ name: Pattern, tier: ServiceTier })).default([]),
    }),
    windows: z.array(Window).max(100),
    tiers: z
      .array(z.strictObject({ when: Condition, tier: z.union([Tier, z.literal('escalate')]) }))
      .max(200),
    limits: z.strictObject({
      proposalExpiresMinutes: z.number().positive(),
      executionsPerTargetAndHour: Count,
      executionsPerServiceAndHour: Count,
      /** By action, then by the number that it sets. */
      bounds: z.record(PlainName, z.partialRecord(z.enum(['replicas', 'weight', 'percent']), Bounds)),
    }),
    breakers: z.strictObject({
      executions: PerWindow,
      failuresInARow: Count,
      denials: PerWindow,
      analyst: z.strictObject({ turns: Count, tokens: Count }),
    }),
    approvers: z.array(Approver).max(200).default([]),
    credentials: z.strictObject({ surplus: z.enum(['warn', 'refuse']) }),
    reads: z.strictObject({
      namespaces: Patterns,
      metrics: z.array(z.string().min(1).max(1_000)),
      logs: z.array(z.string().min(1).max(1_000)),
      refusedHosts: z.array(z.string().min(1).max(253)),
    }),
  })
  .superRefine(referencesHold);
export type Envelope = z.infer<typeof Envelope>;
export type EnvelopeWindow = Envelope['windows'][number];

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isLocal(time: string): boolean {
  return !/(Z|[+-]\d\d:?\d\d)$/i.test(time.slice(10));
}

type Unresolved = Pick<Envelope, 'environments' | 'windows' | 'tiers' | 'approvers'>;

/** A name that nothing bears would make its line a dead letter without anybody noticing. */
function referencesHold(envelope: Unresolved, context: z.RefinementCtx): void {
  const wrong = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  const { environments, windows, tiers, approvers } = envelope;
  const known = new Set(environments.map(({ name }) => name));

  for (const name of twice(environments)) wrong(['environments'], `two environments are called ${name}`);
  for (const name of twice(windows)) wrong(['windows'], `two windows are called ${name}`);
  for (const name of twice(approvers)) wrong(['approvers'], `two approvers are called ${name}`);
  environments.forEach(({ changesOnlyIn = [] }, at) => {
    for (const name of changesOnlyIn) {
      if (!windows.some((window) => window.name === name && window.kind === 'change-window'))
        wrong(['environments', at, 'changesOnlyIn'], `there is no change-window ${name}`);
    }
  });
  windows.forEach(({ environments: where = [] }, at) => {
    for (const name of where)
      if (!known.has(name)) wrong(['windows', at, 'environments'], `there is no environment ${name}`);
  });
  tiers.forEach(({ when: { environment } }, at) => {
    if (environment !== undefined && !known.has(environment))
      wrong(['tiers', at, 'when', 'environment'], `there is no environment ${environment}`);
  });
  approvers.forEach(({ may }, at) => {
    for (const name of may.flatMap(({ environments: where }) => where))
      if (name !== '*' && !known.has(name))
        wrong(['approvers', at, 'may'], `there is no environment ${name}`);
  });
}

const twice = (named: readonly { name: string }[]): string[] =>
  named.map(({ name }) => name).filter((name, at, names) => names.indexOf(name) !== at);
