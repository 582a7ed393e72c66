import type { Clock } from '../../platform/clock.ts';
import { Failure, messageOf } from '../../platform/failure.ts';
import { Refused } from '../../platform/http-reply.ts';
import type { Pause } from '../../platform/pause.ts';
import { ifTold } from '../if-told.ts';
import type { Connector } from '../source.ts';
import { withSkew } from '../with-skew.ts';
import { type LaunchDarklyAccess, type LaunchDarklyApi, launchDarklyApi } from './api.ts';
import { flagChanges } from './change-source.ts';
import { description } from './description.ts';
import { flagInspector } from './flag-inspector.ts';
import { criticalIn, type FlagScope, projectsIn } from './flag-scope.ts';

export type LaunchDarklyOptions = LaunchDarklyAccess & {
  id: string;
  name: string;
  scope?: FlagScope | undefined;
  /** Tells since when changes are new. */
  clock?: Pick<Clock, 'now'>;
  /** How often the audit log is asked for. */
  everyMs?: number;
  /** How it waits until then. */
  pause?: Pause;
};

/** The feature flags of a LaunchDarkly: what changed, and how they are set. It only reads. */
export function launchDarkly({
  id,
  name,
  clock,
  everyMs,
  pause,
  scope,
  ...access
}: LaunchDarklyOptions): Connector {
  const api = launchDarklyApi(access);
  const where: FlagScope = scope ?? { projects: [], environments: [] };
  const now = () => clock?.now() ?? Date.now();
  const every = everyMs === undefined ? {} : { every: everyMs };
  const connector: Connector = {
    id,
    kind: 'launchdarkly',
    name,
    describe: () => description,
    changes: flagChanges({ api, scope: where, source: name, now, pause, ...every }),
    flagInspector: flagInspector(api, where),
    test: (signal) => testConnection(api, where, signal),
  };
  return withSkew(connector, 'LaunchDarkly', api.skewMs);
}

async function testConnection(
  api: LaunchDarklyApi,
  scope: FlagScope,
  signal: AbortSignal,
): ReturnType<Connector['test']> {
  const startedMs = performance.now();
  try {
    const all = await api.projects(signal, scope.projects);
    const latencyMs = Math.round(performance.now() - startedMs);
    const missing = scope.projects.filter((wanted) => !all.some(({ key }) => key === wanted));
    if (missing.length > 0)
      throw new Failure(
        'not_found',
        `LaunchDarkly shows these credentials no project ${missing.join(', ')}. Check its key, and the role of the token.`,
      );
    const [caller] = await Promise.all([
      ifTold(() => api.caller(signal)),
      api.entries({ path: '/api/v2/auditlog', query: { limit: '1' } }, signal),
    ]);
    const projects = projectsIn(all, scope);
    return {
      ok: true,
      sentence: `LaunchDarkly answers${caller?.tokenName ? ` the token “${caller.tokenName}”` : ''} and tells of its changes.`,
      version: null,
      latencyMs,
      sees: [
        `${projects.length} ${projects.length === 1 ? 'project' : 'projects'}`,
        environmentsOf(scope, criticalIn(projects)),
        'changes of flags',
      ],
    };
  } catch (error) {
    const remedy =
      error instanceof Refused && error.status === 403 ? ' A token with the built-in role Reader may.' : '';
    return { ok: false, sentence: `${messageOf(error)}${remedy}`, version: null, latencyMs: null, sees: [] };
  }
}

function environmentsOf({ environments }: FlagScope, critical: readonly string[]): string {
  if (environments.length > 0) return `environments: ${environments.join(', ')}`;
  return critical.length === 0
    ? 'no environment marked critical: changes in all of them count'
    : `critical environments: ${critical.join(', ')}`;
}
