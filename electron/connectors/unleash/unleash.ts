import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/failure.ts';
import type { Pause } from '../../platform/pause.ts';
import { ifTold } from '../if-told.ts';
import type { Connector } from '../source.ts';
import { withSkew } from '../with-skew.ts';
import { type UnleashAccess, type UnleashApi, unleashApi } from './api.ts';
import { flagChanges } from './change-source.ts';
import { description } from './description.ts';
import { flagControl } from './flag-control.ts';
import { flagInspector } from './flag-inspector.ts';
import { flagReader } from './flag-state.ts';

export type UnleashOptions = UnleashAccess & {
  id: string;
  name: string;
  /** Tells since when changes are new; a drill has a time of its own. */
  clock?: Pick<Clock, 'now'>;
  /** How often events are asked for. */
  everyMs?: number;
  /** How it waits until then. */
  pause?: Pause;
};

/** The feature flags of an Unleash: what changed, how they are set, and the one write that an action needs. */
export function unleash({ id, name, clock, everyMs, pause, ...access }: UnleashOptions): Connector {
  const api = unleashApi(access);
  const now = () => clock?.now() ?? Date.now();
  const connector: Connector = {
    id,
    kind: 'unleash',
    name,
    describe: () => description,
    changes: flagChanges({
      api,
      source: name,
      now,
      pause,
      ...(everyMs === undefined ? {} : { every: everyMs }),
    }),
    flags: flagReader(api),
    flagInspector: flagInspector(api),
    flagControl: flagControl(api),
    test: (signal) => testConnection(api, signal),
  };
  return withSkew(connector, 'Unleash', api.skewMs);
}

async function testConnection(api: UnleashApi, signal: AbortSignal): ReturnType<Connector['test']> {
  const startedMs = performance.now();
  try {
    const environments = await api.environments(signal);
    const latencyMs = Math.round(performance.now() - startedMs);
    const [projects, version] = await Promise.all([
      api.projects(signal),
      ifTold(() => api.version(signal)),
      api.events(0, signal),
    ]);
    const production = environments.filter(({ type }) => type === 'production').map(({ name }) => name);
    return {
      ok: true,
      sentence: `Unleash${version === null ? '' : ` ${version}`} answers and tells of its changes.`,
      version,
      latencyMs,
      sees: [
        `${projects.length} ${projects.length === 1 ? 'project' : 'projects'}`,
        production.length === 0
          ? 'no environment of type production: changes in all of them count'
          : `production: ${production.join(', ')}`,
        'changes of flags',
      ],
    };
  } catch (error) {
    return { ok: false, sentence: messageOf(error), version: null, latencyMs: null, sees: [] };
  }
}
