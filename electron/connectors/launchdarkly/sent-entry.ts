import { sentFlag } from '../shown-flag-value.ts';
import { type AuditDetail, configIn, type Flag, type FlagConfig } from './api.ts';

const MOST_VALUES = 5;

type Place = { environment: string };

/**
 * An entry as LaunchDarkly has it, as far as it is understood, to be kept. Of the flag before and after there is the one
 * environment that is told of: others may lie outside of what the connection reads. Who is targeted one by one is counted and
 * not named, as everywhere, and `description`, which may name them, is left out.
 */
export const sentEntry = (entry: AuditDetail, place: Place): string =>
  JSON.stringify({
    ...entry,
    accesses: entry.accesses.filter(({ resource }) =>
      resource?.split(/[:;]/).includes(`env/${place.environment}`),
    ),
    previousVersion: sentVersion(entry.previousVersion, place),
    currentVersion: sentVersion(entry.currentVersion, place),
  });

function sentVersion(flag: Flag | null | undefined, { environment }: Place): object | null {
  if (!flag) return null;
  const config = configIn(flag, environment);
  return {
    ...flag,
    variations: sentFlag(flag.variations),
    environments: config === undefined ? {} : { [environment]: sentConfig(config) },
  };
}

const sentConfig = ({ targets, contextTargets, rules, ...config }: FlagConfig): object => ({
  ...config,
  targets: targets.map(counted),
  contextTargets: contextTargets.map(counted),
  rules: rules.map((rule) => ({
    ...rule,
    clauses: rule.clauses.map(({ values, ...clause }) => ({ ...clause, values: firstOf(values) })),
  })),
});

const counted = ({ values, ...target }: FlagConfig['targets'][number]): object => ({
  ...target,
  count: values.length,
});

const firstOf = (values: readonly unknown[]): unknown[] =>
  values.length <= MOST_VALUES
    ? [...values]
    : [...values.slice(0, MOST_VALUES), `and ${values.length - MOST_VALUES} more`];
