import type { Evidence } from '../../../shared/vocabulary/hypothesis.ts';
import { type SecretFinder, withoutSecrets } from '../outgoing/masking/without-secrets.ts';
import type { Claims } from '../state-hypotheses.ts';

/** Claims as they may be written down. What is cited keeps its ids, and a quote with a secret in it is none. */
export async function claimsWithoutSecrets(claims: Claims, find: SecretFinder): Promise<Claims> {
  const told = await withoutSecrets(claims, find);
  return {
    ...told,
    hypotheses: told.hypotheses.map((one, place) => {
      const said = claims.hypotheses[place];
      if (!said) throw new Error('Hiding changes strings and nothing else');
      return {
        ...one,
        cause: said.cause,
        for: evidenceAsTold(said.for, one.for),
        against: evidenceAsTold(said.against, one.against),
      };
    }),
  };
}

/** A quote stands byte for byte or not at all: of a piece whose quotes all held a secret nothing is left to cite. */
export const evidenceAsTold = (said: readonly Evidence[], told: readonly Evidence[]): Evidence[] =>
  said.map(({ events, reads, quotes }, place) => ({
    sentence: told[place]?.sentence ?? '',
    events,
    reads,
    ...(quotes === undefined
      ? {}
      : { quotes: quotes.filter(({ text }, at) => told[place]?.quotes?.[at]?.text === text) }),
  }));
