import { z } from 'zod';
import { Evidence } from '../../shared/vocabulary/hypothesis.ts';
import { ExpectedEffect } from '../../shared/vocabulary/proposal.ts';
import type { Action } from '../actions/action.ts';

/** What every propose tool asks besides the action's own input. */
const About = z.strictObject({
  rationale: z.string().min(1).max(2_000),
  evidence: z.array(Evidence).max(20),
  confidence: z.number().min(0).max(1),
  confidenceRestsOn: z.string().max(500),
  expectedEffect: ExpectedEffect,
});

/**
 * A tool of another type than a read tool: all it can do is return a proposal's id and the guard's verdict. There is
 * one per action, and none that approves, executes or takes a command.
 */
export function proposeTool(action: Action) {
  return {
    name: `propose_${action.name.replaceAll('-', '_')}`,
    purpose: `${action.purpose} Only proposes it; a named human decides.`,
    action,
    input: z.strictObject({ input: action.input, about: About }),
  };
}
export type ProposeTool = ReturnType<typeof proposeTool>;

/** Hands over to a human when no action fits. */
export const escalateTool = {
  name: 'escalate',
  purpose: 'Hand over to a human with the reasoning and a recommended next step, when no action fits.',
  input: z.strictObject({
    title: z.string().min(1).max(200),
    because: z.string().min(1).max(2_000),
    recommended: z.string().min(1).max(2_000),
  }),
};
