import { type FlagEvent, type FlagEventType, projectName, type Strategy } from '../flags/flag.ts';

/** An event as the API lists it. */
export const toEvent = (event: FlagEvent) => ({
  id: event.id,
  type: event.type,
  createdBy: event.createdBy,
  createdAt: new Date(event.atMs).toISOString(),
  createdByUserId: event.createdByUserId,
  data: event.data,
  preData: event.preData,
  tags: [],
  featureName: event.featureName,
  project: event.project,
  environment: event.environment,
});

/** An event as the search lists it, with what happened in words. */
export const toToldEvent = (event: FlagEvent) => ({
  ...toEvent(event),
  label: labels[event.type],
  summary: summaryOf(event),
});

const labels: Readonly<Record<FlagEventType, string>> = {
  'feature-created': 'Flag created',
  'feature-metadata-updated': 'Flag metadata updated',
  'feature-stale-on': 'Flag marked as stale',
  'feature-stale-off': 'Flag stale marking removed',
  'feature-archived': 'Flag archived',
  'feature-environment-enabled': 'Flag enabled',
  'feature-environment-disabled': 'Flag disabled',
  'feature-strategy-add': 'Flag strategy added',
  'feature-strategy-update': 'Flag strategy updated',
  'feature-strategy-remove': 'Flag strategy removed',
};

// The address that Unleash believes to have when it is not told its own.
const unleashUrl = 'http://localhost:4242';

function summaryOf(event: FlagEvent): string {
  const project = `project **[${projectName}](${unleashUrl}/projects/${projectName})**`;
  const flag = `**[${event.featureName}](${unleashUrl}/projects/${projectName}/features/${event.featureName})**`;
  const where = `for the **${event.environment}** environment in ${project}`;
  return `**${event.createdBy}** ${deed()}`;

  function deed(): string {
    switch (event.type) {
      case 'feature-created':
        return `created ${flag} in ${project}`;
      case 'feature-metadata-updated':
        return `updated ${flag} metadata in ${project}`;
      case 'feature-stale-on':
        return `marked ${flag} as stale in ${project}`;
      case 'feature-stale-off':
        return `removed the stale marking on ${flag} in ${project}`;
      case 'feature-archived':
        return `archived **${event.featureName}** in ${project}`;
      case 'feature-environment-enabled':
        return `enabled ${flag} ${where}`;
      case 'feature-environment-disabled':
        return `disabled ${flag} ${where}`;
      case 'feature-strategy-add':
        return `added strategy **${titleOf(event)}** to ${flag} ${where}`;
      case 'feature-strategy-remove':
        return `removed strategy **${titleOf(event)}** from ${flag} ${where}`;
      case 'feature-strategy-update':
        return `updated ${flag} in ${project} ${strategyChange(event)}`;
    }
  }
}

const strategyOf = (data: FlagEvent['data']): Strategy | null => (data && 'parameters' in data ? data : null);

function titleOf({ data, preData }: FlagEvent): string {
  const [before, after] = [strategyOf(preData), strategyOf(data)];
  return before?.title || after?.title || before?.name || after?.name || '';
}

function strategyChange(event: FlagEvent): string {
  const [before, after] = [strategyOf(event.preData), strategyOf(event.data)];
  const parameters: Readonly<Record<string, readonly [name: string, unit: string][]>> = {
    flexibleRollout: [
      ['stickiness', ''],
      ['rollout', '%'],
      ['groupId', ''],
    ],
    userWithId: [['userIds', '']],
    remoteAddress: [['IPs', '']],
    applicationHostname: [['hostNames', '']],
  };
  const changes = (parameters[after?.name ?? ''] ?? []).flatMap(([name, unit]) => {
    const [old, now] = [before?.parameters[name], after?.parameters[name]];
    if (old === now) return [];
    return [` ${name}${old ? ` from ${old}${unit}` : ''} to ${now}${unit}`];
  });
  const [had, has] = [before, after].map((strategy) => constraintsOf(strategy));
  if (had !== has) changes.push(` constraints from ${had} to ${has}`);
  return `by updating strategy **${titleOf(event)}** in **${event.environment}**${changes.join(';')}`;
}

function constraintsOf(strategy: Strategy | null): string {
  if (!strategy || strategy.constraints.length === 0) return 'empty set of constraints';
  const told = strategy.constraints.map(({ contextName, operator, inverted, value, values }) => {
    const what = operators[operator] ?? operator;
    return `${contextName} ${inverted ? 'not ' : ''}${what} ${value ?? `(${values.join(',')})`}`;
  });
  return `[${told.join(', ')}]`;
}

const operators: Readonly<Record<string, string>> = {
  IN: 'is one of',
  NOT_IN: 'is not one of',
  STR_CONTAINS: 'is a string that contains',
  STR_STARTS_WITH: 'is a string that starts with',
  STR_ENDS_WITH: 'is a string that ends with',
  NUM_EQ: 'is a number equal to',
  NUM_GT: 'is a number greater than',
  NUM_GTE: 'is a number greater than or equal to',
  NUM_LT: 'is a number less than',
  NUM_LTE: 'is a number less than or equal to',
  DATE_BEFORE: 'is a date before',
  DATE_AFTER: 'is a date after',
  SEMVER_EQ: 'is a SemVer equal to',
  SEMVER_GT: 'is a SemVer greater than',
  SEMVER_LT: 'is a SemVer less than',
};
