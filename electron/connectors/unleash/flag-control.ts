import { isSuccess } from '../../platform/http-reply.ts';
import { notApplied, reading, said, writing } from '../one-write.ts';
import type { FlagControl, FlagRef, FlagState } from '../source.ts';
import { environmentPath, type UnleashApi } from './api.ts';
import { flagReader } from './flag-state.ts';

type Change = { enabled: boolean; percent: number | null };
type Request = { method: 'POST' | 'PATCH'; path: string; body?: object };

/**
 * The writes. INVARIANT: each call sends at most one writing request and never sends it again. Unleash takes no condition
 * with a write, so the flag is read in the same breath and nothing is sent unless it is as it was planned on.
 */
export function flagControl(api: UnleashApi): FlagControl {
  const reader = flagReader(api);
  return {
    async setFlag(ref, { expectedDigest, ...change }, options, signal) {
      const read = await reading(() => reader.flag(ref, signal));
      if ('because' in read) return notApplied(read.because);
      const now = read.value;
      if (now.digest !== expectedDigest) return notApplied(`${ref.name} was changed in the meantime`);
      const request = requestFor(ref, change, now);
      if ('because' in request) return notApplied(request.because);
      const sentence = said(options, `${ref.name} in ${ref.namespace} is ${inWords(change)}`);
      // Unleash knows no trial run; all that can be tried is whether it still fits.
      if (options.dryRun) return { kind: 'applied', sentence };
      return writing({
        send: () => api.write(request, options.intent, signal),
        confirms: async (reply) => {
          if (!isSuccess(reply)) return false;
          const after = await reader.flag(ref, signal);
          return (
            after.enabled === change.enabled && (change.percent === null || after.percent === change.percent)
          );
        },
        sentence,
      });
    },
  };
}

/** The one request that makes the difference; what would take two is nobody's to send. */
function requestFor(
  { project, namespace, name }: FlagRef,
  { enabled, percent }: Change,
  now: FlagState,
): Request | { because: string } {
  const path = environmentPath({ project, flag: name, environment: namespace });
  const isOtherShare = percent !== null && percent !== now.percent;
  if (enabled !== now.enabled) {
    if (isOtherShare) return { because: 'Turning it and setting its share would take two requests' };
    return { method: 'POST', path: `${path}/${enabled ? 'on' : 'off'}` };
  }
  const [only] = now.strategies;
  if (!isOtherShare) return { because: `${name} is so already` };
  if (!only || now.percent === null) return { because: `${name} has no one share that could be set` };
  return {
    method: 'PATCH',
    path: `${path}/strategies/${encodeURIComponent(only.id)}`,
    body: [{ op: 'replace', path: '/parameters/rollout', value: String(percent) }],
  };
}

const inWords = ({ enabled, percent }: Change) =>
  `${enabled ? 'on' : 'off'}${percent === null ? '' : ` for ${percent} %`}`;
