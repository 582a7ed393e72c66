import { parse } from 'yaml';
import { z } from 'zod';
import { EnvelopeTests, type ExpectedVerdict } from '../../shared/formats/guard-request.ts';
import type { Verdict } from '../../shared/vocabulary/proposal.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import type { LoadedEnvelope } from './envelope/loaded-envelope.ts';
import { guard } from './guard.ts';
import { requestFromFacts } from './request-from-facts.ts';

export type EnvelopeTestResult = {
  name: string;
  passed: boolean;
  expected: ExpectedVerdict;
  verdict: Verdict;
};

/**
 * Asks the guard every request of an envelope's test file.
 * @throws Failure `bad_input` naming the file and the member when the tests cannot be read.
 */
export function runEnvelopeTests(
  loaded: LoadedEnvelope,
  { file, text }: { file: string; text: string },
): EnvelopeTestResult[] {
  const { at, tests } = envelopeTestsIn(file, text);
  return tests.map(({ name, request, expect }) => {
    const verdict = guard(requestFromFacts(request, Date.parse(at)), { kind: 'in-force', loaded });
    return { name, passed: isAsExpected(verdict, expect), expected: expect, verdict };
  });
}

function isAsExpected(verdict: Verdict, expected: ExpectedVerdict): boolean {
  switch (expected.verdict) {
    case 'offer':
      return verdict.kind === 'offer' && verdict.tier === expected.tier;
    case 'escalate':
    case 'deny':
      return verdict.kind === expected.verdict && verdict.rules.some(({ rule }) => rule === expected.by);
  }
}

function envelopeTestsIn(file: string, text: string): EnvelopeTests {
  let read: unknown;
  try {
    read = parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw new Failure('bad_input', `The tests ${file} are not YAML: ${messageOf(cause)}`, cause);
  }
  const parsed = EnvelopeTests.safeParse(read);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'bad_input',
    `The tests ${file} do not hold: ${z.prettifyError(parsed.error)}`,
    parsed.error,
  );
}
