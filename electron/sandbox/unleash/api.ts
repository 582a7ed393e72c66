import { environments, FlagError, isEnvironment, projectName } from '../flags/flag.ts';
import { adminName, type FlagBook, type Place } from '../flags/flag-book.ts';
import type { Answer, Request } from '../http/loopback.ts';
import { uuidOf } from '../random.ts';
import { cached, empty, json } from './answer.ts';
import {
  changedFlagIn,
  changedStrategyIn,
  metricsIn,
  newFlagIn,
  newStrategyIn,
  patchedFlag,
  patchedStrategy,
  patchIn,
  registrationIn,
} from './bodies.ts';
import { clientFeature, clientFeatures, clientMeta, clientQuery } from './client-api.ts';
import { errorAnswer } from './errors.ts';
import { type Json, patched } from './json-patch.ts';
import {
  toArchivedFlag,
  toChangedFlag,
  toEnvironment,
  toEnvironments,
  toFlag,
  toFlagEnvironment,
  toFoundFlag,
  toListedFlag,
  toListedProject,
  toListedStrategy,
  toProject,
} from './represent.ts';
import { anyBodyRoute, type Call, type Route, route, routed } from './route.ts';
import { searchEvents, searchFlags } from './search.ts';
import { toEvent, toToldEvent } from './tell-event.ts';

export { refusals } from './errors.ts';

const maxEvents = 100;

/**
 * The admin and client API of Unleash 6.10 (https://docs.getunleash.io/reference/api/unleash) over the flags of a drill.
 * Whoever shows the token is `user`. `advance` brings the world to now and returns it.
 */
export function unleashApi(options: {
  flags: FlagBook;
  advance: () => number;
  user?: string;
}): (request: Request) => Answer {
  const { flags, advance, user = adminName } = options;
  let errors = 0;

  const project = '/api/admin/projects/:project';
  const flag = `${project}/features/:flag`;
  const environment = `${flag}/environments/:environment`;
  const strategy = `${environment}/strategies/:strategy`;

  const routes: Route[] = [
    route('GET', '/health', () => json(200, { health: 'GOOD' })),

    // A token of type admin lists the one permission that holds everywhere.
    route('GET', '/api/admin/user', () =>
      json(200, {
        user: { id: -1, isAPI: true, username: user },
        permissions: [{ permission: 'ADMIN' }],
        feedback: [],
        splash: {},
      }),
    ),
    route('GET', '/api/admin/projects', ({ atMs }) =>
      json(200, { version: 1, projects: [toListedProject(flags, atMs)] }),
    ),
    route('GET', project, ({ at, atMs }) => {
      if (at.get('project') !== projectName) throw new FlagError('NotFoundError', 'No project found');
      return json(200, toProject(flags, atMs));
    }),
    route('GET', `${project}/features`, ({ at, request }) => {
      const prefix = (request.query.get('namePrefix') ?? '').toLowerCase();
      const inProject = at.get('project') === projectName ? flags.list() : [];
      const listed = inProject.filter(
        ({ archived, name }) => !archived && name.toLowerCase().startsWith(prefix),
      );
      return json(200, { version: 2, features: listed.map(toListedFlag) });
    }),
    route('POST', `${project}/features`, (call) => {
      const { name, type, description, impressionData } = newFlagIn(call.body);
      const draft = {
        project: place(call).project,
        name,
        description: description || null,
        ...(type === undefined ? {} : { type }),
        ...(impressionData === undefined ? {} : { impressionData }),
      };
      return json(201, toChangedFlag(flags.create(draft, act(call))));
    }),

    route('GET', flag, (call) => {
      const known = flags.flag(place(call));
      if (known.archived)
        throw new FlagError('NotFoundError', `Could not find feature flag with name ${known.name}`);
      return json(200, toFlag(known, flags, call.request.query.get('variantEnvironments') === 'true'));
    }),
    route('PUT', flag, (call) => {
      const metadata = changedFlagIn(call.body, place(call).flag);
      return json(200, toChangedFlag(flags.update(place(call), metadata, act(call))));
    }),
    route('PATCH', flag, (call) => {
      const operations = patchIn(call.body);
      const known = flags.get(place(call).flag);
      if (!known) throw new FlagError('NotFoundError', 'No feature flag found');
      const metadata = patchedFlag(patched(toChangedFlag(known) as Json, operations));
      return json(200, toChangedFlag(flags.update(place(call), metadata, act(call), { tellStale: true })));
    }),
    anyBodyRoute('DELETE', flag, (call) => {
      flags.archive(place(call), act(call));
      return empty(202);
    }),

    route('GET', '/api/admin/archive/features', () => {
      const archived = flags.list().filter((one) => one.archived);
      return json(200, { version: 2, features: archived.map(toArchivedFlag) });
    }),

    route('GET', environment, (call) => {
      const { flag: name, environment: where } = place(call);
      const known = flags.get(name);
      if (!known || !isEnvironment(where))
        throw new FlagError('NotFoundError', `Could not find ${name} in ${where}`);
      return json(200, toFlagEnvironment(known, where));
    }),
    ...[true, false].map((enabled) =>
      anyBodyRoute('POST', `${environment}/${enabled ? 'on' : 'off'}`, (call) => {
        const activateDisabled = call.request.query.get('shouldActivateDisabledStrategies') === 'true';
        flags.setEnabled(place(call), enabled, act(call), { activateDisabled });
        return empty(200);
      }),
    ),

    route('GET', `${environment}/strategies`, (call) =>
      json(200, flags.strategies(place(call)).map(toListedStrategy)),
    ),
    route('POST', `${environment}/strategies`, (call) =>
      json(200, flags.addStrategy(place(call), newStrategyIn(call.body), act(call))),
    ),
    route('GET', strategy, (call) => json(200, flags.strategy(place(call), strategyId(call)))),
    route('PUT', strategy, (call) => {
      const change = changedStrategyIn(call.body);
      return json(200, flags.updateStrategy(place(call), strategyId(call), change, act(call)));
    }),
    route('PATCH', strategy, (call) => {
      const operations = patchIn(call.body);
      const before = flags.strategy(place(call), strategyId(call));
      const change = patchedStrategy(patched(before as unknown as Json, operations));
      return json(200, flags.updateStrategy(place(call), before.id, change, act(call)));
    }),
    anyBodyRoute('DELETE', strategy, (call) => {
      flags.removeStrategy(place(call), strategyId(call), act(call));
      return { ...json(200, null), body: '' };
    }),

    route('GET', '/api/admin/environments', () =>
      json(200, { version: 1, environments: toEnvironments(flags) }),
    ),
    route('GET', '/api/admin/environments/:environment', ({ at }) => {
      const found = environments.find(({ name }) => name === at.get('environment'));
      if (found) return json(200, toEnvironment(found));
      throw new FlagError('NotFoundError', `Could not find environment with name: ${at.get('environment')}`);
    }),

    route('GET', '/api/admin/events', ({ request }) => {
      const wanted = request.query.get('project');
      const events = flags.events().filter(({ project: of }) => wanted === null || of === wanted);
      return json(200, {
        version: 1,
        events: events.slice(-maxEvents).reverse().map(toEvent),
        totalEvents: events.length,
      });
    }),
    route('GET', '/api/admin/events/:flag', ({ at }) => {
      const name = at.get('flag') ?? '';
      const events = flags.events().filter(({ featureName }) => featureName === name);
      return json(200, {
        version: 1,
        toggleName: name,
        events: events.slice(-maxEvents).reverse().map(toEvent),
        totalEvents: events.length,
      });
    }),
    route('GET', '/api/admin/search/events', ({ request }) => {
      const { found, total } = searchEvents(flags.events(), request.query);
      return json(200, { events: found.map(toToldEvent), total });
    }),
    route('GET', '/api/admin/search/features', ({ request }) => {
      const { found, total, shows } = searchFlags(flags, request.query);
      const features = found.map((one) => toFoundFlag(one, flags, (name) => shows(one, name)));
      return json(200, { features, total });
    }),

    route('GET', '/api/client/features', ({ request }) => {
      const query = clientQuery(request.query);
      const { etag } = clientMeta(flags, query);
      const all = json(200, clientFeatures(flags, query));
      return { ...all, headers: { ...all.headers, etag } };
    }),
    route('GET', '/api/client/features/:flag', ({ at, request }) =>
      json(200, clientFeature(flags, at.get('flag') ?? '', clientQuery(request.query))),
    ),
    route('POST', '/api/client/register', ({ body }) => {
      registrationIn(body);
      return empty(202);
    }),
    route('POST', '/api/client/metrics', ({ body }) => {
      metricsIn(body);
      return empty(202);
    }),
  ];

  return (request) => {
    try {
      return cached(request, routed(routes, request, advance));
    } catch (error) {
      errors += 1;
      return cached(request, errorAnswer(error, uuidOf(`unleash-error/${errors}`)));
    }
  };

  function act({ atMs }: Call) {
    return { by: user, atMs };
  }
}

const place = ({ at }: Call): Place => ({
  project: at.get('project') ?? '',
  flag: at.get('flag') ?? '',
  environment: at.get('environment') ?? '',
});

const strategyId = ({ at }: Call): string => at.get('strategy') ?? '';
