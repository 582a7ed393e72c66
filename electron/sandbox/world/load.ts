import { hash32, normalAt } from '../random.ts';

/** More (or less) load on a service for a while, on no change of anyone's. */
export type Surge = {
  service: string;
  fromMs: number;
  untilMs: number;
  factor: number;
  /** It comes and goes over this long. */
  rampMs: number;
  /** It comes again after this long. */
  everyMs?: number;
};

const dayMs = 86_400_000;
const dailySwing = 0.16;
const weeklySwing = 0.06;
/** Standard deviation of the walk. */
const wandering = 0.0275;

/**
 * The day's and the week's wave around 1. At which hour of the week the drill takes place the seed says, not the clock:
 * a drill opened at night must not be another one.
 */
export function wave(seed: number, startMs: number): (atMs: number) => number {
  const day = (hash32(`${seed}/day`) / 2 ** 32) * 2 * Math.PI;
  const week = (hash32(`${seed}/week`) / 2 ** 32) * 2 * Math.PI;
  return (atMs) => {
    const days = (atMs - startMs) / dayMs;
    return (
      (1 + dailySwing * Math.sin(day + days * 2 * Math.PI)) *
      (1 + weeklySwing * Math.sin(week + (days / 7) * 2 * Math.PI))
    );
  };
}

/** A slow random walk around 1, one for each name: an AR(1) process with memory of about fifty seconds. */
export function wanderer(seed: number, name: string): (step: number, seconds?: number) => number {
  const base = hash32(`${seed}/noise/${name}`);
  let drift = 0;
  let lasts = Number.NaN;
  let kept = 0;
  let width = 0;
  return (step, seconds = 5) => {
    if (seconds !== lasts) {
      // As wide however long the steps are.
      lasts = seconds;
      kept = 0.9 ** (seconds / 5);
      width = wandering * Math.sqrt(1 - kept * kept);
    }
    drift = kept * drift + width * normalAt(base, step);
    return 1 + drift;
  };
}

/** What a surge multiplies load by at a time. */
export function surgeAt(surge: Surge, atMs: number): number {
  const { fromMs, untilMs, factor, rampMs, everyMs } = surge;
  if (atMs < fromMs) return 1;
  const since = everyMs === undefined ? atMs - fromMs : (atMs - fromMs) % everyMs;
  const left = untilMs - fromMs - since;
  if (left <= 0) return 1;
  const strength = rampMs === 0 ? 1 : Math.min(1, since / rampMs, left / rampMs);
  return 1 + (factor - 1) * strength;
}
