import { deny, pass, type Rule } from '../rule.ts';

/** Denies inside a freeze: from its first millisecond until its end, which is outside. */
export const noFreeze: Rule = ({ envelope, atMs }) => {
  const freeze = envelope.freezes.find(({ from, to }) => Date.parse(from) <= atMs && atMs < Date.parse(to));
  return freeze ? deny(`inside the freeze ${freeze.name} until ${freeze.to}`) : pass('no freeze is in force');
};
