import { deny, pass, type Rule } from '../rule.ts';
import { trippedBreakers } from '../stops/breakers.ts';

/** While a breaker is open only the way back is. The analyst's budget is counted before: it comes as a sentence. */
export const breaker: Rule = (judged) => {
  const { envelope, backsOut, analystOverBudget } = judged;
  if (backsOut) return pass('a back-out passes the breaker');
  const { executionsInWindow, denialsInWindow, failuresInARow, lastWasWorse } = judged;
  const counts = { executionsInWindow, denialsInWindow, failuresInARow, lastWasWorse };
  const tripped = trippedBreakers(envelope.breakers, { ...counts, analyst: { turns: 0, tokens: 0 } });
  const sentences = [...tripped.map(({ sentence }) => sentence), analystOverBudget].filter(
    (one) => one !== null,
  );
  return sentences.length > 0 ? deny(sentences.join('; ')) : pass('no breaker is open');
};
