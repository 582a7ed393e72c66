import { createHash } from 'node:crypto';
import {
  type EnvironmentName,
  environments,
  type Flag,
  projectName,
  publicMetadata,
  type Strategy,
} from '../flags/flag.ts';
import { adminName, type FlagBook } from '../flags/flag-book.ts';

const instant = (atMs: number) => new Date(atMs).toISOString();

/** The flag as the answer to a change. */
export const toChangedFlag = publicMetadata;

/** The flag in the list of those that are archived. */
export function toArchivedFlag(flag: Flag) {
  const { archived: _, ...metadata } = publicMetadata(flag);
  return { ...metadata, environments: [] };
}

/** The flag with all its environments, for who asks for this one. */
export const toFlag = (flag: Flag, flags: FlagBook, withVariants: boolean) => ({
  environments: environments.map(({ name, type, sortOrder }) => ({
    name,
    lastSeenAt: null,
    ...(withVariants ? { variants: [] } : {}),
    enabled: flag.environments[name].enabled,
    yes: 0,
    no: 0,
    type,
    sortOrder,
    strategies: flag.environments[name].strategies,
  })),
  ...publicMetadata(flag),
  createdBy: toUser(flag.createdBy, flags),
  variants: [],
  dependencies: [],
  children: [],
  links: [],
  collaborators: { users: collaborators(flag, flags).map((name) => toUser(name, flags)) },
});

/** The flag in the list of a project. */
export const toListedFlag = (flag: Flag) => ({
  type: flag.type,
  description: flag.description,
  name: flag.name,
  createdAt: instant(flag.createdMs),
  stale: flag.stale,
  impressionData: flag.impressionData,
  lastSeenAt: null,
  environments: environments.map(({ name }) => toListedEnvironment(flag, name)),
});

/** The flag as a search finds it. */
export const toFoundFlag = (flag: Flag, flags: FlagBook, shows: (name: EnvironmentName) => boolean) => ({
  ...toListedFlag(flag),
  project: projectName,
  archivedAt: flag.archivedMs === null ? null : instant(flag.archivedMs),
  dependencyType: null,
  environments: environments
    .filter(({ name }) => shows(name))
    .map(({ name }) => ({
      ...toListedEnvironment(flag, name),
      yes: 0,
      no: 0,
      changeRequestIds: [],
    })),
  segments: [],
  createdBy: toUser(flag.createdBy, flags),
});

function toListedEnvironment(flag: Flag, name: EnvironmentName) {
  const { enabled, strategies } = flag.environments[name];
  const { type, sortOrder } =
    environments.find((environment) => environment.name === name) ?? environments[0];
  return {
    name,
    enabled,
    type,
    sortOrder,
    variantCount: 0,
    lastSeenAt: null,
    hasStrategies: strategies.length > 0,
    hasEnabledStrategies: strategies.some(({ disabled }) => !disabled),
  };
}

/** One environment of a flag. */
export const toFlagEnvironment = (flag: Flag, environment: EnvironmentName) => ({
  name: flag.name,
  environment,
  enabled: flag.environments[environment].enabled,
  strategies: flag.environments[environment].strategies.map(({ segments: _, ...strategy }) => ({
    ...strategy,
    featureName: flag.name,
  })),
});

/** A strategy in the list of those of an environment. */
export const toListedStrategy = (strategy: Strategy) => ({ ...strategy, milestoneId: null });

/** The environments of the instance; none is protected, none asks for approvals. */
export const toEnvironments = (flags: FlagBook) =>
  environments.map((environment) => ({
    ...toEnvironment(environment),
    projectCount: 1,
    apiTokenCount: 0,
    enabledToggleCount: flags
      .list()
      .filter((flag) => !flag.archived && flag.environments[environment.name].enabled).length,
  }));

export const toEnvironment = ({ name, type, sortOrder }: (typeof environments)[number]) => ({
  name,
  type,
  sortOrder,
  enabled: true,
  protected: false,
  requiredApprovals: null,
});

/** The project in the list of projects; it is as old as what first happened in it. */
export const toListedProject = (flags: FlagBook, atMs: number) => ({
  name: 'Default',
  id: projectName,
  description: 'Default project',
  health: 100,
  featureCount: flags.list().filter(({ archived }) => !archived).length,
  memberCount: 0,
  createdAt: instant(flags.events()[0]?.atMs ?? atMs),
  archivedAt: null,
  mode: 'open',
  lastReportedFlagUsage: null,
  lastUpdatedAt: lastChange(flags),
  owners: [{ ownerType: 'system' }],
});

/** The project with all its flags. */
export const toProject = (flags: FlagBook, atMs: number) => ({
  stats: {
    avgTimeToProdCurrentWindow: 0,
    createdCurrentWindow: 0,
    createdPastWindow: 0,
    archivedCurrentWindow: 0,
    archivedPastWindow: 0,
    projectActivityCurrentWindow: 0,
    projectActivityPastWindow: 0,
    projectMembersAddedCurrentWindow: 0,
  },
  name: 'Default',
  description: 'Default project',
  mode: 'open',
  featureLimit: null,
  featureNaming: { pattern: null, example: null, description: null },
  defaultStickiness: 'default',
  health: 100,
  favorite: false,
  updatedAt: lastChange(flags) ?? instant(atMs),
  createdAt: instant(flags.events()[0]?.atMs ?? atMs),
  environments: environments.map(({ name }) => ({ environment: name })),
  features: flags
    .list()
    .filter(({ archived }) => !archived)
    .map(toListedFlag),
  members: 0,
  version: 1,
});

function lastChange(flags: FlagBook): string | null {
  const last = flags.events().at(-1);
  return last ? instant(last.atMs) : null;
}

/** Who ever did something to the flag, whoever did last first. */
const collaborators = (flag: Flag, flags: FlagBook): string[] => [
  ...new Set(
    flags
      .events()
      .filter(({ featureName }) => featureName === flag.name)
      .toReversed()
      .map(({ createdBy }) => createdBy),
  ),
];

export const toUser = (name: string, flags: FlagBook) => ({
  id: flags.userId(name),
  name: name === adminName ? 'Unleash Admin Token User' : name,
  imageUrl: `https://gravatar.com/avatar/${createHash('sha256').update(name).digest('hex')}?s=42&d=retro&r=g`,
});
