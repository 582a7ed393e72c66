import type { Verdict } from '../../shared/vocabulary/proposal.ts';
import { messageOf } from '../platform/failure.ts';
import { conditionInWords } from './condition-words.ts';
import type { LoadedEnvelope } from './envelope.ts';
import { deny, type Request, type Rule, type RuleAnswer } from './rule.ts';
import { actionAllowed } from './rules/action-allowed.ts';
import { breaker } from './rules/breaker.ts';
import { hasBackOut } from './rules/has-back-out.ts';
import { noFreeze } from './rules/no-freeze.ts';
import { notOwnedElsewhere } from './rules/not-owned-elsewhere.ts';
import { notStopped } from './rules/not-stopped.ts';
import { rateLimit } from './rules/rate-limit.ts';
import { stageExecutes } from './rules/stage-executes.ts';
import { targetObserved } from './rules/target-observed.ts';
import { withinBounds } from './rules/within-bounds.ts';
import { tierOf } from './tier-of.ts';

/** Every rule by the name its reasons carry. */
const rules: Record<string, Rule> = {
  'not-stopped': notStopped,
  'stage-executes': stageExecutes,
  'action-allowed': actionAllowed,
  'within-bounds': withinBounds,
  'no-freeze': noFreeze,
  'target-observed': targetObserved,
  breaker,
  'rate-limit': rateLimit,
  'has-back-out': hasBackOut,
  'not-owned-elsewhere': notOwnedElsewhere,
};

/**
 * The verdict on one request: any deny denies, else any escalation escalates, else it is offered at the tier of the
 * first line that fits. A denial names the rules that gave it; an offer names the tier's line.
 * INVARIANT: a rule that throws denies, and a request that fits no tier line is denied.
 */
export function guard(request: Omit<Request, 'envelope'>, loaded: LoadedEnvelope): Verdict {
  const full: Request = { ...request, envelope: loaded.envelope };
  const answers = Object.entries(rules).map(([rule, check]) => ({ rule, answer: answerOf(check, full) }));
  const of = (kind: RuleAnswer['kind']) =>
    answers
      .filter(({ answer }) => answer.kind === kind)
      .map(({ rule, answer }) => ({ rule, sentence: answer.sentence }));
  const about = {
    envelope: { version: loaded.envelope.version, digest: loaded.digest },
    atMs: request.atMs,
  };

  const denials = of('deny');
  if (denials.length > 0) return { kind: 'deny', rules: denials, ...about };
  const escalations = of('escalate');
  if (escalations.length > 0) return { kind: 'escalate', rules: escalations, ...about };

  const line = tierOf(full);
  if (!line)
    return {
      kind: 'deny',
      rules: [{ rule: 'tier', sentence: 'no tier line of the envelope fits' }],
      ...about,
    };
  const because = [{ rule: 'tier', sentence: `${conditionInWords(line.when)} takes ${line.tier}` }];
  if (line.tier === 'escalate') return { kind: 'escalate', rules: because, ...about };
  return { kind: 'offer', tier: line.tier, rules: because, ...about };
}

function answerOf(check: Rule, request: Request): RuleAnswer {
  try {
    return check(request);
  } catch (error) {
    return deny(`the rule itself failed: ${messageOf(error)}`);
  }
}
