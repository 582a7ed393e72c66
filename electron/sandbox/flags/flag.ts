/** The project that all flags of a drill are in. */
export const projectName = 'default';

export const environments = [
  { name: 'development', type: 'development', sortOrder: 2 },
  { name: 'production', type: 'production', sortOrder: 3 },
] as const;
export type EnvironmentName = (typeof environments)[number]['name'];

export const flagTypes = ['experiment', 'kill-switch', 'release', 'operational', 'permission'] as const;
export type FlagType = (typeof flagTypes)[number];

/** The strategies that every Unleash knows; others must first be made there. */
export const strategyNames: readonly string[] = [
  'flexibleRollout',
  'default',
  'userWithId',
  'remoteAddress',
  'applicationHostname',
];

export type Constraint = {
  contextName: string;
  operator: string;
  values: readonly string[];
  value?: string | undefined;
  inverted?: boolean | undefined;
  caseInsensitive?: boolean | undefined;
};

/** Variants say which face of a flag a user sees, not whether; they are kept as given. */
export type Variant = Readonly<Record<string, unknown>>;

export type Strategy = {
  readonly id: string;
  readonly name: string;
  readonly title: string | null;
  readonly disabled: boolean;
  readonly constraints: readonly Constraint[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly variants: readonly Variant[];
  readonly sortOrder: number;
  /** There are no segments in a drill, so this is always empty. */
  readonly segments: readonly number[];
};

export type FlagEnvironment = { readonly enabled: boolean; readonly strategies: readonly Strategy[] };

/** What a flag says of itself, whatever its environments say. */
export type Metadata = {
  readonly type: FlagType;
  readonly description: string | null;
  readonly impressionData: boolean;
  readonly stale: boolean;
  readonly archived: boolean;
};

/** INVARIANT: never changed, only replaced, so that events may keep what was. */
export type Flag = Metadata & {
  readonly name: string;
  readonly createdMs: number;
  readonly createdBy: string;
  readonly archivedMs: number | null;
  readonly environments: Readonly<Record<EnvironmentName, FlagEnvironment>>;
};

export type FlagEventType =
  | 'feature-created'
  | 'feature-metadata-updated'
  | 'feature-stale-on'
  | 'feature-stale-off'
  | 'feature-archived'
  | 'feature-environment-enabled'
  | 'feature-environment-disabled'
  | 'feature-strategy-add'
  | 'feature-strategy-update'
  | 'feature-strategy-remove';

export type FlagEvent = {
  readonly id: number;
  readonly type: FlagEventType;
  readonly createdBy: string;
  readonly createdByUserId: number;
  readonly atMs: number;
  readonly featureName: string;
  readonly project: string;
  readonly environment: EnvironmentName | null;
  /** After and before, in the shapes of the API; null where Unleash keeps nothing. */
  readonly data: Strategy | PublicMetadata | null;
  readonly preData: Strategy | PublicMetadata | null;
};

export type PublicMetadata = ReturnType<typeof publicMetadata>;

/** A flag without its environments, in the shape in which the API answers and events keep it. */
export const publicMetadata = (flag: Flag) => ({
  name: flag.name,
  description: flag.description,
  type: flag.type,
  project: projectName,
  stale: flag.stale,
  createdAt: new Date(flag.createdMs).toISOString(),
  lastSeenAt: null,
  impressionData: flag.impressionData,
  ...(flag.archivedMs === null ? {} : { archivedAt: new Date(flag.archivedMs).toISOString() }),
  archived: flag.archived,
});

export const isEnvironment = (name: string): name is EnvironmentName =>
  environments.some((environment) => environment.name === name);

/** The names under which Unleash's errors go over the wire. */
export type FlagErrorName =
  | 'NotFoundError'
  | 'NameExistsError'
  | 'InvalidOperationError'
  | 'ArchivedFeatureError'
  | 'ExceedsLimitError'
  | 'BadDataError';

/** What the store does not do, in the words of Unleash. */
export class FlagError extends Error {
  override readonly name: FlagErrorName;

  constructor(name: FlagErrorName, message: string) {
    super(message);
    this.name = name;
  }
}
