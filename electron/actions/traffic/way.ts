import type { ActionOn } from '../action.ts';

/** One way in which traffic is shifted: what an action does, for one kind of object. */
export type Way<Input> = Pick<
  ActionOn<'cluster', Input>,
  'permissions' | 'plan' | 'preflight' | 'execute' | 'trace'
> & {
  /** The input of the same way that undoes it. */
  back(input: Input, seen: Parameters<ActionOn<'cluster', Input>['backOut']>[1]): Input;
};
