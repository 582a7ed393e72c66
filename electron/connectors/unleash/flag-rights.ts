import { Failure } from '../../platform/failure.ts';
import type { AccessAnswer, FlagRef, Right } from '../source.ts';
import type { Grant, UnleashApi } from './api.ts';

/** What a right that an action needs is called by Unleash (https://docs.getunleash.io/reference/rbac). */
const names: Record<string, string | null> = {
  /** Whoever may read Unleash at all may read its flags, and this one was read. */
  'get feature flags': null,
  'update feature environments': 'UPDATE_FEATURE_ENVIRONMENT',
  'update feature strategies': 'UPDATE_FEATURE_STRATEGY',
};
const ALL = '*';

/** Whether a token may do it, from what Unleash lists of its own; `unclear` where an Unleash does not tell that. */
export async function mayOnFlag(
  api: UnleashApi,
  { verb, resource }: Right,
  ref: FlagRef,
  signal: AbortSignal,
): Promise<AccessAnswer> {
  const needed = names[`${verb} ${resource}`];
  if (needed === undefined) return 'unclear';
  if (needed === null) return 'allowed';
  let held: Grant[];
  try {
    held = await api.grants(signal);
  } catch (error) {
    if (error instanceof Failure && error.code !== 'cancelled') return 'unclear';
    throw error;
  }
  return held.some((grant) => covers(grant, needed, ref)) ? 'allowed' : 'denied';
}

/** A grant that names no project or environment is for all of them. */
const covers = ({ permission, project, environment }: Grant, needed: string, ref: FlagRef): boolean =>
  (permission === 'ADMIN' || permission === needed) &&
  (!project || project === ALL || project === ref.project) &&
  (!environment || environment === ALL || environment === ref.namespace);
