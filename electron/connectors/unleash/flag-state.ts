import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Failure } from '../../platform/failure.ts';
import { serviceOfFlag } from '../service-of-flag.ts';
import type { FlagReader, FlagRef, FlagState } from '../source.ts';
import type { Feature, Strategy, Tag, UnleashApi } from './api.ts';
import { mayOnFlag } from './flag-rights.ts';

/** The only strategy whose share is set by one number. */
const gradual = 'flexibleRollout';

/** The percentage of a gradual rollout; null of any other strategy. */
export function percentOf(strategy: Pick<Strategy, 'name' | 'parameters'>): number | null {
  const rollout = strategy.name === gradual ? strategy.parameters?.['rollout'] : undefined;
  return rollout !== undefined && /^(100|\d{1,2})$/.test(rollout) ? Number(rollout) : null;
}

/** What a flag belongs to, by a tag of the type `service` or one that says so in its value, else by its name. */
export const serviceOf = (flag: string, tags: readonly Tag[] = []): string | null =>
  serviceOfFlag(
    flag,
    tags.map(({ type, value }) => (type === 'service' ? `service:${value.replace(/^service:/, '')}` : value)),
  );

export function flagReader(api: UnleashApi): FlagReader {
  return {
    async flag(ref, signal) {
      const { project, name } = ref;
      const [feature, tags] = await Promise.all([
        api.feature({ project, flag: name }, signal),
        tagsIfTold(api, name, signal),
      ]);
      return stateOf(feature, ref, tags);
    },
    may: (what, ref, signal) => mayOnFlag(api, what, ref, signal),
  };
}

/** A flag is worth reading without its tags. */
async function tagsIfTold(api: UnleashApi, flag: string, signal: AbortSignal): Promise<Tag[]> {
  try {
    return await api.tags(flag, signal);
  } catch (error) {
    if (error instanceof Failure && error.code !== 'cancelled') return [];
    throw error;
  }
}

/** The flag as it is in one environment. */
export function stateOf(feature: Feature, { namespace, name }: FlagRef, tags: readonly Tag[]): FlagState {
  const there = feature.environments.find((environment) => environment.name === namespace);
  if (!there) throw new Failure('not_found', `The flag ${name} is not in the environment ${namespace}`);
  const { enabled, strategies } = there;
  const [only, ...others] = strategies;
  const archived = feature.archived === true;
  return {
    enabled,
    percent: only && others.length === 0 && only.disabled !== true ? percentOf(only) : null,
    strategies: strategies.map((strategy) => ({
      id: strategy.id,
      name: strategy.name,
      percent: percentOf(strategy),
    })),
    digest: createHash('sha256')
      .update(canonicalize({ enabled, strategies, archived }) ?? '')
      .digest('hex'),
    archived,
    service: serviceOf(name, tags),
    type: feature.type ?? null,
  };
}
