import type { Envelope } from '../../shared/formats/envelope.ts';

/** The condition of a tier line as a person would say it. */
export function conditionInWords(when: Envelope['tiers'][number]['when']): string {
  const words = [
    when.backsOut === undefined ? '' : when.backsOut ? 'a back-out' : 'what is no back-out',
    when.reversible === undefined ? '' : when.reversible ? 'what can be undone' : 'what cannot be undone',
    when.blastRadius === undefined ? '' : `blast radius ${when.blastRadius}`,
    when.environment === undefined ? '' : `in ${when.environment}`,
    when.serviceTierAtMost === undefined
      ? ''
      : `a service of tier ${when.serviceTierAtMost} or more important`,
  ].filter((part) => part !== '');
  return words.join(', ') || 'anything';
}
