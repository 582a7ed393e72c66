import { isSuccess } from '../../platform/http-reply.ts';
import { notApplied, reading, writing } from '../one-write.ts';
import type { FlagChange, FlagControl, FlagRef, FlagState, WriteResult } from '../source.ts';
import { environmentPath, type UnleashApi } from './api.ts';
import { flagReader } from './flag-state.ts';

type Request = { method: 'POST' | 'PATCH'; path: string; body?: object };

/**
 * The writes. INVARIANT: each call sends at most one writing request and never sends it again. Unleash takes no condition
 * with a write, so the flag is read in the same breath and nothing is sent unless it is as it was planned on.
 */
export function flagControl(api: UnleashApi): FlagControl {
  const reader = flagReader(api);
  return {
    async setFlag(ref, { expectedDigest, ...change }, options, signal) {
      const now = await asPlanned(ref, expectedDigest, signal);
      if ('because' in now) return notApplied(now.because);
      const request = requestFor(ref, change, now);
      if ('because' in request) return notApplied(request.because);
      if (options.dryRun) return checkedHere(`one request makes it ${inWords(change)}`);
      const sentence = `${ref.name} in ${ref.namespace} is ${inWords(change)}`;
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

    async tryBack(ref, { there, back, expectedDigest }, _options, signal) {
      const now = await asPlanned(ref, expectedDigest, signal);
      if ('because' in now) return notApplied(now.because);
      const then = { ...now, enabled: there.enabled, percent: there.percent ?? now.percent };
      const request = requestFor(ref, back, then);
      if ('because' in request) return notApplied(request.because);
      const addsStrategy = there.enabled && !now.enabled && now.strategies.length === 0;
      return checkedHere(
        `one request makes it ${inWords(back)} again${
          addsStrategy ? ', but the strategy that Unleash adds to a flag without one stays' : ''
        }`,
      );
    },
  };

  /** The flag, if it is still what was planned on. */
  async function asPlanned(
    ref: FlagRef,
    expectedDigest: string,
    signal: AbortSignal,
  ): Promise<FlagState | { because: string }> {
    const read = await reading(() => reader.flag(ref, signal));
    if ('because' in read) return read;
    return read.value.digest === expectedDigest
      ? read.value
      : { because: `${ref.name} was changed in the meantime` };
  }
}

/** Unleash knows no trial run: what can be known without one is whether it still fits. */
const checkedHere = (fact: string): WriteResult => ({
  kind: 'applied',
  sentence: `Unleash knows no trial run, so it was not asked; the flag is as planned, and ${fact}`,
  checkedHere: true,
});

/** The one request that makes the difference; what would take two is nobody's to send. */
function requestFor(
  { project, namespace, name }: FlagRef,
  { enabled, percent }: FlagChange,
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

const inWords = ({ enabled, percent }: FlagChange) =>
  `${enabled ? 'on' : 'off'}${percent === null ? '' : ` for ${percent} %`}`;
