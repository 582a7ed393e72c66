import { deny, pass, type Rule } from '../rule.ts';

/** What a credential holds beyond the envelope's need is a way around it; whether that refuses is the envelope's to say. */
export const credentials: Rule = ({ envelope, surplusCredentials, backsOut }) => {
  if (surplusCredentials === null) return pass('the credential holds no more than is needed');
  if (envelope.credentials.surplus === 'warn') return pass(surplusCredentials);
  if (backsOut) return pass('a back-out is done with what there is');
  return deny(surplusCredentials);
};
