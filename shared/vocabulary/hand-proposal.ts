import { z } from 'zod';
import { IncidentId, ProposalId } from './ids.ts';
import { ExpectedEffect } from './proposal.ts';

/** What an action asks for, as JSON of its arguments; the action's own schema checks it in the host. */
const Arguments = z.record(z.string().max(100), z.json());

/** An action that a person can propose by hand, with what its form needs. */
export const ProposableAction = z.strictObject({
  name: z.string(),
  purpose: z.string(),
  /** Connections on which it can be done now. */
  connections: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  /** JSON Schema (2020-12) of its arguments. */
  schema: z.record(z.string(), z.json()),
});
export type ProposableAction = z.infer<typeof ProposableAction>;

/** The effect that a person expects; its sentence, unit and the time it must hold are the host's to fill in. */
export const HandEffect = ExpectedEffect.pick({
  service: true,
  metric: true,
  comparison: true,
  threshold: true,
}).extend({
  service: z.string().trim().min(1).max(253),
  metric: z.string().trim().min(1).max(200),
  withinMinutes: z.number().int().min(1).max(120),
});
export type HandEffect = z.infer<typeof HandEffect>;

const Rationale = z.string().trim().min(1, 'say why in a line').max(2_000);

/** What a person proposes by hand. */
export const HandProposal = z.strictObject({
  incident: IncidentId,
  action: z.string().max(100),
  input: Arguments,
  expectedEffect: HandEffect,
  rationale: Rationale,
});
export type HandProposal = z.infer<typeof HandProposal>;

/** Other arguments for an open proposal. */
export const Revision = z.strictObject({ proposal: ProposalId, input: Arguments, rationale: Rationale });
export type Revision = z.infer<typeof Revision>;
