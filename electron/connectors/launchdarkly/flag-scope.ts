import type { LaunchDarklyApi, Project } from './api.ts';
import type { FlagPlace } from './flag-observations.ts';

/** Projects and environments that are read; an empty list is all that these credentials see. */
export type FlagScope = { projects: readonly string[]; environments: readonly string[] };
export type Covers = (place: Pick<FlagPlace, 'project' | 'environment'>) => boolean;

const AGAIN_MS = 300_000;

/**
 * Whose changes count: what the connection names, else the environments that LaunchDarkly marks as critical, else all of
 * them. Asked once, again after some minutes, and after a failure.
 */
export function scopeReader(api: LaunchDarklyApi, scope: FlagScope, now: () => number) {
  let known: { covers: Covers; untilMs: number } | undefined;
  return async (signal: AbortSignal): Promise<Covers> => {
    if (known && now() < known.untilMs) return known.covers;
    const covers =
      scope.environments.length > 0
        ? coverage(scope, [])
        : coverage(scope, projectsIn(await api.projects(signal, scope.projects), scope));
    known = { covers, untilMs: now() + AGAIN_MS };
    return covers;
  };
}

export const projectsIn = (projects: readonly Project[], { projects: wanted }: FlagScope): Project[] =>
  projects.filter(({ key }) => wanted.length === 0 || wanted.includes(key));

export function criticalIn(projects: readonly Project[]): string[] {
  return projects.flatMap(({ key, environments }) =>
    (environments?.items ?? []).filter(({ critical }) => critical === true).map((one) => `${key}/${one.key}`),
  );
}

export function coverage(scope: FlagScope, projects: readonly Project[]): Covers {
  const critical = new Set(criticalIn(projects));
  const isWanted = (all: readonly string[], one: string) => all.length === 0 || all.includes(one);
  return ({ project, environment }) =>
    isWanted(scope.projects, project) &&
    (scope.environments.length > 0
      ? scope.environments.includes(environment)
      : critical.size === 0 || critical.has(`${project}/${environment}`));
}
