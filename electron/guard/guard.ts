import type { Tier, Verdict } from '../../shared/vocabulary/proposal.ts';
import { messageOf } from '../platform/failure.ts';
import { authorize } from './cedar/authorize.ts';
import { conditionInWords } from './condition-words.ts';
import type { EnvelopeInForce, LoadedEnvelope } from './envelope/loaded-envelope.ts';
import { environmentOf } from './environment-of.ts';
import { deny, type Judged, type Request, type Rule, type RuleAnswer } from './rule.ts';
import { breaker } from './rules/breaker.ts';
import { credentials } from './rules/credentials.ts';
import { dataSafe } from './rules/data-safe.ts';
import { evidenceObserved } from './rules/evidence-observed.ts';
import { factsHold } from './rules/facts-hold.ts';
import { hasBackOut } from './rules/has-back-out.ts';
import { inEnvironment } from './rules/in-environment.ts';
import { noFreeze } from './rules/no-freeze.ts';
import { notOwnedElsewhere } from './rules/not-owned-elsewhere.ts';
import { notStopped } from './rules/not-stopped.ts';
import { openWindow } from './rules/open-window.ts';
import { rateLimit } from './rules/rate-limit.ts';
import { serviceRateLimit } from './rules/service-rate-limit.ts';
import { targetObserved } from './rules/target-observed.ts';
import { withinBounds } from './rules/within-bounds.ts';
import { serviceTierOf } from './service-tier.ts';
import { tierOf } from './tier-of.ts';

/** Every rule of our own by the name its reasons carry: when, how often and how far. Who, what and where say the policies. */
export const rules: Readonly<Record<string, Rule>> = {
  'not-stopped': notStopped,
  'facts-hold': factsHold,
  'in-environment': inEnvironment,
  'within-bounds': withinBounds,
  'no-freeze': noFreeze,
  'open-window': openWindow,
  'data-safe': dataSafe,
  breaker,
  credentials,
  'rate-limit': rateLimit,
  'service-rate-limit': serviceRateLimit,
  'has-back-out': hasBackOut,
  'not-owned-elsewhere': notOwnedElsewhere,
  'target-observed': targetObserved,
  'evidence-observed': evidenceObserved,
};

type Line = { rule: string; sentence: string };

/**
 * The verdict on one request. INVARIANT: without an envelope in force, and whenever a rule or the policies cannot be
 * asked, it denies.
 */
export function guard(request: Request, inForce: EnvelopeInForce): Verdict {
  if (inForce.kind === 'none') {
    return {
      kind: 'deny',
      rules: [{ rule: 'envelope', sentence: `no envelope is in force: ${inForce.because}` }],
      envelope: { version: 'none', digest: 'none' },
      atMs: request.atMs,
    };
  }
  const { loaded } = inForce;
  const about = {
    envelope: { version: loaded.envelope.version, digest: loaded.digest },
    atMs: request.atMs,
  };
  let judged: Judged;
  try {
    judged = judgedOf(request, loaded);
  } catch (error) {
    const sentence = `the request could not be placed: ${messageOf(error)}`;
    return { kind: 'deny', rules: [{ rule: 'envelope', sentence }], ...about };
  }
  return { ...judge(judged, loaded), ...about };
}

/** What a verdict says, without what it was asked on. */
export type Finding =
  | { kind: 'deny' | 'escalate'; rules: Line[] }
  | { kind: 'offer'; tier: Tier; executes?: false; rules: Line[] };

/**
 * Any deny denies, else any escalation escalates, else it is offered at the tier of the first line that fits, or at a
 * higher one that a rule asks for. A denial names the rules and policies that gave it; an offer names the tier's line and
 * what raised it. INVARIANT: a rule that throws denies, and what fits no tier line is denied.
 */
export function judge(judged: Judged, loaded: Pick<LoadedEnvelope, 'prepared'>): Finding {
  const answers = Object.entries(rules).map(([rule, check]) => ({ rule, answer: answerOf(check, judged) }));
  const of = (kind: RuleAnswer['kind']): Line[] =>
    answers
      .filter(({ answer }) => answer.kind === kind)
      .map(({ rule, answer }) => ({ rule, sentence: answer.sentence }));

  const policies = authorize(loaded.prepared, judged);
  const denials = [...of('deny'), ...(policies.kind === 'denied' ? policies.rules : [])];
  if (denials.length > 0) return { kind: 'deny', rules: denials };
  const escalations = of('escalate');
  if (escalations.length > 0) return { kind: 'escalate', rules: escalations };

  const line = tierOf(judged);
  if (!line)
    return { kind: 'deny', rules: [{ rule: 'tier', sentence: 'no tier line of the envelope fits' }] };
  const because = { rule: 'tier', sentence: `${conditionInWords(line.when)} takes ${line.tier}` };
  if (line.tier === 'escalate') return { kind: 'escalate', rules: [because] };
  const tier = answers.reduce<Tier>(
    (so, { answer }) => (answer.kind === 'raise' ? higherOf(so, answer.to) : so),
    line.tier,
  );
  const lines = [because, ...of('raise')];
  // In shadow it is offered for judgement alone; the execution refuses it as well.
  return judged.stage === 'shadow'
    ? { kind: 'offer', tier, executes: false, rules: lines }
    : { kind: 'offer', tier, rules: lines };
}

/** The higher of two tiers is the one that takes more. */
export const higherOf = (one: Tier, other: Tier): Tier =>
  order.indexOf(one) >= order.indexOf(other) ? one : other;
const order: readonly Tier[] = ['ack', 'confirm', 'two-person'];

/** A request with what the envelope makes of it. */
export function judgedOf(request: Request, { envelope, windows }: LoadedEnvelope): Judged {
  const environment = environmentOf(envelope, request);
  return {
    ...request,
    envelope,
    stage: envelope.stage,
    environment,
    tierOfService: serviceTierOf(envelope, request),
    windows: windows.at(request.atMs, { environment, namespace: request.target.namespace }),
  };
}

function answerOf(check: Rule, judged: Judged): RuleAnswer {
  try {
    return check(judged);
  } catch (error) {
    return deny(`the rule itself failed: ${messageOf(error)}`);
  }
}
