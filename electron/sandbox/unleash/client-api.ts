import { type EnvironmentName, type Flag, FlagError, isEnvironment, projectName } from '../flags/flag.ts';
import type { FlagBook } from '../flags/flag-book.ts';
import { hexOf } from '../random.ts';

type ClientQuery = {
  namePrefix?: string;
  project?: string[];
  environment: EnvironmentName;
  inlineSegmentConstraints: true;
};

/** What the SDK of a service asks for; a token that is good for every environment may name one, else it is production. */
export function clientQuery(query: URLSearchParams): ClientQuery {
  const environment = query.get('environment') ?? '';
  const namePrefix = query.get('namePrefix');
  const project = query.getAll('project');
  return {
    ...(namePrefix ? { namePrefix } : {}),
    ...(project.length > 0 ? { project } : {}),
    environment: isEnvironment(environment) ? environment : 'production',
    inlineSegmentConstraints: true,
  };
}

/** Names what an SDK would get without making it: the query and the last change. */
export function clientMeta(flags: FlagBook, query: ClientQuery) {
  const revisionId = flags.events().at(-1)?.id ?? 0;
  const queryHash = hexOf(JSON.stringify(query), 8);
  return { revisionId, etag: `"${queryHash}:${revisionId}"`, queryHash };
}

/** All that an SDK needs to decide for itself who gets what. */
export const clientFeatures = (flags: FlagBook, query: ClientQuery) => ({
  version: 2,
  features: flags
    .list()
    .filter(
      ({ archived, name }) =>
        !archived &&
        name.toLowerCase().startsWith((query.namePrefix ?? '').toLowerCase()) &&
        (query.project === undefined || query.project.includes(projectName)),
    )
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map((flag) => toClientFlag(flag, query.environment)),
  query,
  meta: clientMeta(flags, query),
});

/** One flag for an SDK. */
export function clientFeature(flags: FlagBook, name: string, query: ClientQuery) {
  const flag = flags.get(name);
  if (!flag || flag.archived) throw new FlagError('NotFoundError', `Could not find feature flag ${name}`);
  return toClientFlag(flag, query.environment);
}

const toClientFlag = (flag: Flag, environment: EnvironmentName) => ({
  name: flag.name,
  type: flag.type,
  enabled: flag.environments[environment].enabled,
  project: projectName,
  stale: flag.stale,
  strategies: flag.environments[environment].strategies
    .filter(({ disabled }) => !disabled)
    .map(({ name, constraints, parameters, variants }) => ({ name, constraints, parameters, variants })),
  variants: [],
  description: flag.description,
  impressionData: flag.impressionData,
});
