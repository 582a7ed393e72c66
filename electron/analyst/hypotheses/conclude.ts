import { NAMED } from '../../../shared/formats/confidence.ts';
import type { Conclusion, Hypothesis } from '../../../shared/vocabulary/hypothesis.ts';

/**
 * What a reading came to, as far as code lets it. A cause is named only by a first hypothesis that is believed enough once
 * it was held under its ceiling; to be inconclusive is never refused.
 */
export function concluded(
  stated: Conclusion | undefined,
  hypotheses: readonly Pick<Hypothesis, 'claim' | 'cause' | 'confidence'>[],
): Conclusion {
  const [first] = hypotheses;
  const isNamed = first !== undefined && first.cause !== null && first.confidence >= NAMED;
  if (stated && (stated.kind !== 'cause-named' || isNamed)) return stated;
  return isNamed
    ? { kind: 'cause-named', sentence: first.claim }
    : {
        kind: 'inconclusive',
        sentence: 'Inconclusive: nothing that was read makes one cause likely enough.',
      };
}
