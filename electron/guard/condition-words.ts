import type { TierCondition } from '../../shared/formats/envelope.ts';

/** The condition of a tier line as a person would say it. */
export function conditionInWords(when: TierCondition): string {
  const words = [
    when.actions === undefined ? '' : when.actions.join(' or '),
    when.backsOut === undefined ? '' : when.backsOut ? 'a back-out' : 'what is no back-out',
    when.reversible === undefined ? '' : when.reversible ? 'what can be undone' : 'what cannot be undone',
    when.keepsData === undefined ? '' : when.keepsData ? 'what keeps data' : 'what keeps no data',
    when.blastRadius === undefined ? '' : `blast radius ${when.blastRadius}`,
    when.environment === undefined ? '' : `in ${when.environment}`,
    when.serviceTierAtMost === undefined
      ? ''
      : `a service of tier ${when.serviceTierAtMost} or more important`,
    when.confidenceBelow === undefined ? '' : `confidence below ${Math.round(when.confidenceBelow * 100)} %`,
  ].filter((part) => part !== '');
  return words.join(', ') || 'anything';
}
