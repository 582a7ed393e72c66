import { Failure } from '../../platform/failure.ts';
import { bounded } from '../bounded.ts';
import type { FlagHistoryEntry, FlagInspector, FlagRule } from '../inspection.ts';
import type { Strategy, UnleashApi } from './api.ts';
import { eventsUntil } from './change-source.ts';
import { flagObservationOf } from './flag-observations.ts';

const MOST_FIELDS = 40;
const MOST_CHARACTERS = 500;

/** What was done to a flag, and who gets it now, as Unleash tells it. It only reads. */
export const flagInspector = (api: UnleashApi): FlagInspector => ({
  async history({ project, name }, { fromMs, toMs }, signal) {
    const events = await eventsUntil(api, ({ createdAt }) => Date.parse(createdAt) < fromMs, signal);
    return events
      .filter((event) => event.featureName === name && event.project === project)
      .flatMap((event): FlagHistoryEntry[] => {
        const told = flagObservationOf(event, { source: '', isProduction: () => true });
        if (!told || told.atMs < fromMs || told.atMs > toMs) return [];
        return [
          {
            atMs: told.atMs,
            environment: event.environment ?? null,
            actor: told.actor ?? null,
            what: told.title,
            diff: told.diff ?? [],
          },
        ];
      })
      .sort((a, b) => b.atMs - a.atMs);
  },

  async targeting({ project, namespace, name }, signal) {
    const feature = await api.feature({ project, flag: name }, signal);
    const there = feature.environments.find((environment) => environment.name === namespace);
    if (!there) throw new Failure('not_found', `The flag ${name} is not in the environment ${namespace}`);
    return {
      enabled: there.enabled,
      archived: feature.archived === true,
      rules: there.strategies.map(ruleOf),
    };
  },
});

const NOISE = new Set(['id', 'name', 'disabled', 'sortOrder', 'title']);

function ruleOf(strategy: Strategy): FlagRule {
  const { parameters, ...rest } = strategy;
  const fields = [
    ...Object.entries(parameters ?? {}),
    ...Object.entries(rest).filter(([key]) => !NOISE.has(key)),
  ].flatMap(([path, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const isEmpty = text === undefined || text === '' || text === '[]' || text === 'null';
    return isEmpty ? [] : [{ path, value: bounded(text, MOST_CHARACTERS) }];
  });
  return {
    name: strategy.name,
    disabled: strategy.disabled === true,
    fields: fields.slice(0, MOST_FIELDS),
  };
}
