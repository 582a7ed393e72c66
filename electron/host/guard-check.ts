import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GuardFacts } from '../../shared/formats/guard-request.ts';
import { Proposal, type Verdict } from '../../shared/vocabulary/proposal.ts';
import { draftOrSigned } from '../guard/envelope/draft-or-signed.ts';
import { loadEnvelope } from '../guard/envelope/load-envelope.ts';
import type { EnvelopeInForce } from '../guard/envelope/loaded-envelope.ts';
import { expiryOf } from '../guard/envelope/trust.ts';
import { type EnvelopeTestResult, runEnvelopeTests } from '../guard/envelope-tests.ts';
import { guard } from '../guard/guard.ts';
import { requestFromFacts } from '../guard/request-from-facts.ts';
import { Failure, messageOf } from '../platform/failure.ts';

/**
 * The verdict, what was assumed because the file does not say it, and why the envelope as it stands would not be in force
 * for want of a signature: a draft is judged as if it were.
 */
export type Checked = { verdict: Verdict; assumed: string[]; unsigned: string | null };

const MOST_BYTES = 1_000_000;

/**
 * The verdict that the envelope in a folder gives on a proposal in a file: a stored proposal, or the facts themselves.
 * @throws Failure `bad_input` naming file and member.
 */
export function checkProposal(envelopeDir: string, file: string, atMs: number): Checked {
  const { loaded, unsigned } = draftOrSigned(envelopeDir);
  const { facts, assumed } = factsIn(file);
  if (!loaded.prepared.actions.includes(facts.action)) {
    throw new Failure('bad_input', `${file}: action: there is no action ${JSON.stringify(facts.action)}`);
  }
  const expired = expiryOf(loaded, atMs);
  const inForce: EnvelopeInForce =
    expired === undefined ? { kind: 'in-force', loaded } : { kind: 'none', because: expired };
  return { verdict: guard(requestFromFacts(facts, atMs), inForce), assumed, unsigned };
}

/**
 * Runs the tests that lie in an envelope.
 * @throws Failure `bad_input` when envelope or tests do not hold.
 */
export function testEnvelope(envelopeDir: string): EnvelopeTestResult[] {
  const file = join(envelopeDir, 'tests.yaml');
  return runEnvelopeTests(loadEnvelope(envelopeDir), { file, text: readBounded(file) });
}

function factsIn(file: string): { facts: GuardFacts; assumed: string[] } {
  const value = readJson(file);
  if (z.object({ verdict: z.unknown(), progress: z.unknown() }).safeParse(value).success) {
    return factsOfProposal(demand(file, Proposal, value));
  }
  const facts = demand(file, GuardFacts, value);
  const told = Object.keys(z.record(z.string(), z.unknown()).parse(value));
  return { facts, assumed: assumptions(facts, told) };
}

/** A stored proposal tells what was proposed, and not how things stood around it. */
function factsOfProposal(proposal: Proposal): { facts: GuardFacts; assumed: string[] } {
  const told = {
    action: proposal.action,
    arguments: proposal.arguments,
    proposedBy: proposal.proposedBy.kind === 'person' ? 'person' : 'analyst',
    target: proposal.target,
    blastRadius: proposal.blastRadius.class,
    reversible: proposal.reversible,
    backOutCommand: proposal.backOutCommand,
    backsOut: proposal.backsOut !== null,
    confidence: proposal.confidence,
  };
  const facts = demand(proposal.id, GuardFacts, told);
  return { facts, assumed: assumptions(facts, Object.keys(told)) };
}

const assumptions = (facts: GuardFacts, told: readonly string[]): string[] =>
  Object.entries(facts)
    .filter(([name]) => !told.includes(name))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`);

function demand<T>(file: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure('bad_input', `${file} does not hold: ${z.prettifyError(parsed.error)}`, parsed.error);
}

function readJson(file: string): unknown {
  const text = readBounded(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('bad_input', `${file} is not JSON: ${messageOf(cause)}`, cause);
  }
}

function readBounded(file: string): string {
  let size: number;
  try {
    size = statSync(file).size;
    if (size <= MOST_BYTES) return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('bad_input', `${file} cannot be read: ${messageOf(cause)}`, cause);
  }
  throw new Failure('bad_input', `${file} has ${size} bytes, more than ${MOST_BYTES}`);
}
