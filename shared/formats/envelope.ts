import { z } from 'zod';
import { BlastClass, Tier } from '../vocabulary/proposal.ts';
import { Stage } from '../vocabulary/status.ts';

/** A tier rule's condition: every member that is present must hold. */
const Condition = z.strictObject({
  blastRadius: BlastClass.optional(),
  reversible: z.boolean().optional(),
  backsOut: z.boolean().optional(),
  environment: z.string().optional(),
  /** Holds for services of this tier or a more important one (a smaller number). */
  serviceTierAtMost: z.number().int().optional(),
});

/** `envelope.yaml`, `countersign.envelope/1`; what each member means is written in the default one in `resources/`. */
export const Envelope = z.strictObject({
  format: z.literal('countersign.envelope/1'),
  version: z.string().min(1),
  stage: Stage,
  environments: z
    .array(z.strictObject({ name: z.string(), namespaces: z.array(z.string().min(1)).min(1) }))
    .min(1),
  actions: z.array(
    z.strictObject({
      name: z.string(),
      environments: z.array(z.string()),
      bounds: z.record(z.string(), z.number()).optional(),
    }),
  ),
  tiers: z.array(z.strictObject({ when: Condition, tier: z.union([Tier, z.literal('escalate')]) })),
  freezes: z.array(
    z.strictObject({
      name: z.string(),
      from: z.iso.datetime({ offset: true }),
      to: z.iso.datetime({ offset: true }),
    }),
  ),
  limits: z.strictObject({
    executionsPerTargetAndHour: z.number().int().positive(),
    proposalExpiresMinutes: z.number().positive(),
    failuresInARow: z.number().int().positive(),
  }),
});
export type Envelope = z.infer<typeof Envelope>;
