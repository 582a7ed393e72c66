import { authorize } from './cedar/authorize.ts';
import type { LoadedEnvelope } from './envelope/loaded-envelope.ts';
import { plainRequest } from './plain-request.ts';
import { targetKinds } from './target-kinds.ts';

/**
 * What the policies could ever permit, by action: the environments in which some request passes them when nothing speaks
 * against it. What a policy permits for one name only is asked for by no name, and not found here.
 */
export function mayBeOffered(loaded: LoadedEnvelope): { action: string; environments: string[] }[] {
  const { prepared, envelope } = loaded;
  return prepared.actions
    .map((action) => ({
      action,
      environments: envelope.environments
        .map(({ name }) => name)
        .filter((environment) =>
          targetKinds.some((kind) => {
            const target = { ...plainRequest.target, kind };
            const asked = { ...plainRequest, stage: envelope.stage, action, environment, target };
            return authorize(prepared, asked).kind === 'permitted';
          }),
        ),
    }))
    .filter(({ environments }) => environments.length > 0);
}
