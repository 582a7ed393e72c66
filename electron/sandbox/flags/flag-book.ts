import { isDeepStrictEqual } from 'node:util';
import { uuidOf } from '../random.ts';
import { isOn, shareOf } from './evaluate.ts';
import {
  type EnvironmentName,
  environments,
  type Flag,
  type FlagEnvironment,
  FlagError,
  type FlagEvent,
  isEnvironment,
  type Metadata,
  projectName,
  publicMetadata,
  type Strategy,
  strategyNames,
} from './flag.ts';

/** Who does something, and when. */
export type Act = { by: string; atMs: number };

/** Where a strategy stands; names as a request gives them. */
export type Place = { project: string; flag: string; environment: string };

/** What is left out of a draft is filled in as Unleash does. */
export type StrategyDraft = {
  name: string;
  title?: string | null | undefined;
  disabled?: boolean | null | undefined;
  constraints?: Strategy['constraints'] | undefined;
  parameters?: Strategy['parameters'] | undefined;
  variants?: Strategy['variants'] | undefined;
  sortOrder?: number | undefined;
  segments?: readonly number[] | undefined;
};
export type StrategyChange = { [Field in keyof StrategyDraft]?: StrategyDraft[Field] | undefined };

export type FlagBook = {
  /** Share of requests for which the flag is on in production, 0 to 1. */
  shareOn(flag: string): number;
  /**
   * A scripted change: gradual rollout to this percentage (0: environment disabled). Returns the id of the (last) event it
   * left. Creates the flag when unknown; other strategies of the flag stay, and one that is archived stays archived.
   */
  setRollout(change: { flag: string; percent: number; by: string; atMs: number }): number;
  /** Whether this user gets the flag in production, by the hash that the SDKs use. */
  isOnFor(flag: string, userId: string): boolean;

  get(name: string): Flag | undefined;
  /** The flag at this place; NotFoundError when it is not there. */
  flag(place: Omit<Place, 'environment'>): Flag;
  /** All flags in the order in which they were made, archived ones too. */
  list(): Flag[];
  /** The oldest first; ids count up from 1. */
  events(): readonly FlagEvent[];
  /** The people who did something, and the numbers under which Unleash knows them. */
  userId(name: string): number;
  /** The strategy at this place; NotFoundError when the id is of no strategy there. */
  strategy(place: Place, id: string): Strategy;
  strategies(place: Place): readonly Strategy[];

  create(draft: { project: string; name: string } & Partial<Metadata>, act: Act): Flag;
  /** Replaces all that the flag says of itself. Unleash makes an event of their own of stale flags for patches alone. */
  update(
    place: Omit<Place, 'environment'>,
    metadata: Metadata,
    act: Act,
    options?: { tellStale: boolean },
  ): Flag;
  archive(place: Omit<Place, 'environment'>, act: Act): void;
  setEnabled(place: Place, enabled: boolean, act: Act, options?: { activateDisabled: boolean }): void;
  addStrategy(place: Place, draft: StrategyDraft, act: Act): Strategy;
  /** What the change leaves out stays, but for constraints and variants: those go. */
  updateStrategy(place: Place, id: string, change: StrategyChange, act: Act): Strategy;
  removeStrategy(place: Place, id: string, act: Act): void;

  /** Tells of each event once it has happened. Returns how to stop. */
  subscribe(listener: (event: FlagEvent) => void): () => void;
};

/** The user of the token that Unleash is set up with. */
export const adminName = 'admin';
const adminId = -42;

const maxFlags = 5_000;
const maxStrategies = 30;
const maxConstraints = 30;
const maxConstraintValues = 250;

/**
 * The feature flags of one project as Unleash keeps them, with everything that was ever done to them. Pure: ids come from
 * the seed and times from whoever acts. A change that is refused leaves nothing behind.
 */
export function flagBook({ seed }: { seed: number }): FlagBook {
  const flags = new Map<string, Flag>();
  const events: FlagEvent[] = [];
  const users = new Map([[adminName, adminId]]);
  const listeners = new Set<(event: FlagEvent) => void>();
  let strategiesMade = 0;

  const production = (flag: string): FlagEnvironment | null => {
    const known = flags.get(flag);
    return known && !known.archived ? known.environments.production : null;
  };

  const book: FlagBook = {
    shareOn(flag) {
      const environment = production(flag);
      return environment ? shareOf(flag, environment) : 0;
    },
    isOnFor(flag, userId) {
      const environment = production(flag);
      return environment ? isOn(flag, environment, userId) : false;
    },
    setRollout({ flag, percent, by, atMs }) {
      if (!(percent >= 0 && percent <= 100)) throw new Error(`${percent} is no percentage of a rollout`);
      const act = { by, atMs };
      const place = { project: projectName, flag, environment: 'production' };
      const known = flags.get(flag) ?? book.create({ project: projectName, name: flag }, act);
      if (!known.archived && percent === 0) book.setEnabled(place, false, act);
      else if (!known.archived) {
        const rollout = known.environments.production.strategies.find(
          ({ name }) => name === 'flexibleRollout',
        );
        const parameters = { ...rollout?.parameters, rollout: String(percent) };
        if (!rollout) book.addStrategy(place, { name: 'flexibleRollout', parameters }, act);
        else if (rollout.disabled || rollout.parameters['rollout'] !== parameters.rollout)
          book.updateStrategy(place, rollout.id, { ...rollout, parameters, disabled: false }, act);
        book.setEnabled(place, true, act);
      }
      return events.findLast(({ featureName }) => featureName === flag)?.id ?? 0;
    },

    get: (name) => flags.get(name),
    flag: flagOf,
    list: () => [...flags.values()],
    events: () => events,
    userId,
    strategy(place, id) {
      const found = strategyAt(place, id);
      if (!found) throw new FlagError('NotFoundError', `Could not find strategy with id: ${id}`);
      return found;
    },
    strategies({ flag, environment }) {
      const known = flags.get(flag);
      if (known && isEnvironment(environment)) return known.environments[environment].strategies;
      throw new FlagError('NotFoundError', `Feature ${flag} does not have environment ${environment}`);
    },

    create({ project, name, ...metadata }, act) {
      const existing = flags.get(name);
      if (existing) {
        const which = existing.archived ? 'An archived' : 'A';
        throw new FlagError('NameExistsError', `${which} flag with that name already exists`);
      }
      if (flags.size >= maxFlags) throw exceeds('feature flag', maxFlags);
      if (project !== projectName)
        throw new FlagError('NotFoundError', `Active project with id ${project} does not exist`);
      const none: FlagEnvironment = { enabled: false, strategies: [] };
      const flag: Flag = {
        name,
        type: metadata.type ?? 'release',
        description: metadata.description ?? null,
        impressionData: metadata.impressionData ?? false,
        stale: metadata.stale ?? false,
        archived: false,
        archivedMs: null,
        createdMs: act.atMs,
        createdBy: act.by,
        environments: { development: none, production: none },
      };
      flags.set(name, flag);
      record({ type: 'feature-created', flag, data: publicMetadata(flag) }, act);
      return flag;
    },

    update(place, metadata, act, { tellStale } = { tellStale: false }) {
      const { type, description, impressionData, stale, archived } = metadata;
      const before = flagOf(place);
      const archivedMs = archived ? (before.archivedMs ?? act.atMs) : null;
      const flag = { ...before, type, description, impressionData, stale, archived, archivedMs };
      flags.set(flag.name, flag);
      const [data, preData] = [publicMetadata(flag), publicMetadata(before)];
      record({ type: 'feature-metadata-updated', flag, data, preData }, act);
      if (tellStale && stale !== before.stale)
        record({ type: stale ? 'feature-stale-on' : 'feature-stale-off', flag }, act);
      return flag;
    },

    archive(place, act) {
      const before = flagOf(place);
      const flag = { ...before, archived: true, archivedMs: act.atMs };
      flags.set(flag.name, flag);
      record({ type: 'feature-archived', flag }, act);
    },

    setEnabled(place, enabled, act, { activateDisabled } = { activateDisabled: false }) {
      const flag = flagOf(place);
      const environment = environmentOf(place);
      if (flag.archived)
        throw new FlagError('ArchivedFeatureError', 'Cannot perform this operation on archived features');
      const { strategies } = flag.environments[environment];
      if (enabled && activateDisabled && strategies.some(({ disabled }) => disabled)) {
        for (const one of strategies) book.updateStrategy(place, one.id, { ...one, disabled: false }, act);
      } else if (enabled && strategies.every(({ disabled }) => disabled)) {
        // Whoever turns a flag on wants it on for someone.
        book.addStrategy(place, { name: 'flexibleRollout' }, act);
      }
      put(place, environment, { enabled }, act);
    },

    addStrategy(place, draft, act) {
      const flag = flagOf(place);
      checkStrategy(draft);
      if (!isEnvironment(place.environment)) {
        const message = 'You have not added the current environment to the project';
        throw new FlagError('BadDataError', message);
      }
      const { strategies } = flag.environments[place.environment];
      if (strategies.length >= maxStrategies) throw exceeds('strategy', maxStrategies);
      strategiesMade += 1;
      const defaults: Record<string, string> =
        draft.name === 'flexibleRollout' ? { groupId: flag.name, rollout: '100', stickiness: 'default' } : {};
      const strategy: Strategy = {
        id: uuidOf(`${seed}/flag-strategy/${strategiesMade}`),
        name: draft.name,
        title: draft.title ?? null,
        disabled: draft.disabled ?? false,
        constraints: draft.constraints ?? [],
        parameters: { ...defaults, ...draft.parameters },
        variants: draft.variants ?? [],
        sortOrder: draft.sortOrder ?? Math.max(-1, ...strategies.map(({ sortOrder }) => sortOrder)) + 1,
        segments: [],
      };
      put(place, place.environment, { strategies: sorted([...strategies, strategy]) }, act);
      record({ type: 'feature-strategy-add', flag, environment: place.environment, data: strategy }, act);
      return strategy;
    },

    updateStrategy(place, id, change, act) {
      const { flag, environment, before } = ownStrategy(place, id);
      const name = change.name ?? before.name;
      checkStrategy({ ...change, name });
      const strategy: Strategy = {
        ...before,
        name,
        title: change.title ?? before.title,
        disabled: change.disabled ?? before.disabled,
        parameters: change.parameters ?? before.parameters,
        constraints: change.constraints ?? [],
        variants: change.variants ?? [],
      };
      const { strategies } = flag.environments[environment];
      put(place, environment, { strategies: strategies.map((one) => (one.id === id ? strategy : one)) }, act);
      record({ type: 'feature-strategy-update', flag, environment, data: strategy, preData: before }, act);
      disableWhenIdle(place, environment, act);
      return strategy;
    },

    removeStrategy(place, id, act) {
      const { flag, environment, before } = ownStrategy(place, id);
      const { strategies } = flag.environments[environment];
      put(place, environment, { strategies: strategies.filter((one) => one.id !== id) }, act);
      disableWhenIdle(place, environment, act);
      record({ type: 'feature-strategy-remove', flag, environment, preData: before }, act);
    },

    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return book;

  function record(
    change: Pick<FlagEvent, 'type'> & {
      flag: Flag;
      environment?: EnvironmentName;
      data?: FlagEvent['data'];
      preData?: FlagEvent['preData'];
    },
    { by, atMs }: Act,
  ): void {
    const { type, flag, environment = null, data = null, preData = null } = change;
    // A change that changed nothing is none.
    if (data && preData && isDeepStrictEqual(data, preData)) return;
    const event: FlagEvent = {
      id: events.length + 1,
      type,
      createdBy: by,
      createdByUserId: userId(by),
      atMs,
      featureName: flag.name,
      project: projectName,
      environment,
      data,
      preData,
    };
    events.push(event);
    for (const listener of listeners) listener(event);
  }

  function userId(name: string): number {
    const known = users.get(name);
    if (known !== undefined) return known;
    // The admin has a number of its own, the others count up from 1.
    const id = users.size;
    users.set(name, id);
    return id;
  }

  function flagOf({ project, flag: name }: Pick<Place, 'project' | 'flag'>): Flag {
    const flag = flags.get(name);
    if (flag && project === projectName) return flag;
    const elsewhere = flag ? `, but there's a feature with that name in project "${projectName}"` : '.';
    throw new FlagError(
      'NotFoundError',
      `There's no feature named "${name}" in project "${project}"${elsewhere}`,
    );
  }

  function environmentOf({ flag, environment }: Place): EnvironmentName {
    if (isEnvironment(environment)) return environment;
    throw new FlagError('NotFoundError', `Could not find environment ${environment} for feature: ${flag}`);
  }

  /** Puts in place what is new of an environment; whether it is enabled leaves an event when it changes. */
  function put(place: Place, environment: EnvironmentName, change: Partial<FlagEnvironment>, act: Act): void {
    const flag = flagOf(place);
    const before = flag.environments[environment];
    const after = { ...before, ...change };
    const changed = { ...flag, environments: { ...flag.environments, [environment]: after } };
    flags.set(flag.name, changed);
    if (after.enabled === before.enabled) return;
    const type = after.enabled ? 'feature-environment-enabled' : 'feature-environment-disabled';
    record({ type, flag: changed, environment }, act);
  }

  /** A flag none of whose strategies is active any more would be on for everybody. */
  function disableWhenIdle(place: Place, environment: EnvironmentName, act: Act): void {
    const { strategies } = flagOf(place).environments[environment];
    if (strategies.every(({ disabled }) => disabled)) put(place, environment, { enabled: false }, act);
  }

  function strategyAt({ flag, environment }: Place, id: string): Strategy | undefined {
    const known = flags.get(flag);
    if (!known || !isEnvironment(environment)) return undefined;
    return known.environments[environment].strategies.find((one) => one.id === id);
  }

  function ownStrategy(place: Place, id: string) {
    const exists = [...flags.values()].some(({ name }) =>
      environments.some((environment) =>
        strategyAt({ ...place, flag: name, environment: environment.name }, id),
      ),
    );
    if (!exists) throw new FlagError('NotFoundError', `Could not find strategy with id=${id}`);
    const flag = flagOf(place);
    const environment = environmentOf(place);
    const before = strategyAt(place, id);
    if (before) return { flag, environment, before };
    const message = 'You can not change the featureName for an activation strategy.';
    throw new FlagError('InvalidOperationError', message);
  }
}

function checkStrategy({ name, constraints = [], segments = [] }: StrategyDraft): void {
  if (!strategyNames.includes(name))
    throw new FlagError('BadDataError', `Could not find strategy type with name ${name}`);
  const [segment] = segments;
  if (segment !== undefined) throw new FlagError('NotFoundError', `No segment exists with ID "${segment}"`);
  if (constraints.length > maxConstraints) throw exceeds('constraints', maxConstraints);
  const long = constraints.find(({ values }) => values.length > maxConstraintValues);
  if (long) throw exceeds(`constraint values for ${long.contextName}`, maxConstraintValues);
}

const exceeds = (resource: string, limit: number) =>
  new FlagError(
    'ExceedsLimitError',
    `Failed to create ${resource}. You can't create more than the established limit of ${limit}.`,
  );

const sorted = (strategies: readonly Strategy[]) =>
  strategies.toSorted((one, other) => one.sortOrder - other.sortOrder);
