import { deny, pass, type Rule } from '../rule.ts';

/** In shadow nothing executes. */
export const stageExecutes: Rule = ({ envelope }) =>
  envelope.stage === 'shadow'
    ? deny('the stage is shadow: nothing executes')
    : pass(`stage ${envelope.stage}`);
