import { z } from 'zod';
import type { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import { Failure } from '../../platform/failure.ts';
import type { Origin } from './cause.ts';
import { streamsOf } from './chance.ts';
import { kindMix } from './tiers.ts';

/**
 * What the tiers do not say and a ranking should not depend on. Cases of other steps, mixes and units tell whether it has
 * learnt incidents or this generator.
 */
export type Variation = {
  stepSeconds: number;
  points: number;
  /** Changes told. */
  changes: number;
  /** Factors on the noise of measurements and on the size of effects. */
  noise: number;
  size: number;
  /** Share of points without a sample. */
  missing: number;
  /** How often each kind of change, and each thing that is no change, is behind trouble. */
  kinds: Readonly<Partial<Record<ChangeKind, number>>>;
  novelOrigins: Readonly<Partial<Record<Origin, number>>>;
  /** Chance of an effect that the specification does not list. */
  unlistedEffects: number;
  /** Seconds and shares, or milliseconds and percent. */
  units: 'plain' | 'scaled';
  /** Share of services whose versions, and of flags whose variants, are measured apart, with the stages of rollouts. */
  cohorts: number;
  /** Whether the call graph is told. */
  calls: 'told' | 'untold';
};

export const ordinary: Variation = {
  stepSeconds: 60,
  points: 240,
  changes: 40,
  noise: 1,
  size: 1,
  missing: 0.01,
  kinds: kindMix,
  novelOrigins: { hardware: 0.4, 'third-party': 0.35, traffic: 0.25 },
  unlistedEffects: 0,
  cohorts: 0,
  units: 'plain',
  calls: 'told',
};

/** Steps are short enough to show what happens and a window long enough to show what came before. */
const LEAST_WINDOW_MINUTES = 160;

const number = (least: number, most: number) =>
  z.string().trim().min(1).pipe(z.coerce.number<string>().min(least).max(most));
const whole = (least: number, most: number) =>
  z.string().trim().min(1).pipe(z.coerce.number<string>().int().min(least).max(most));

/** What can be varied by hand, `name=value`. */
const Settings = z.strictObject({
  stepSeconds: number(5, 600),
  points: whole(30, 3000),
  changes: whole(1, 1000),
  noise: number(0, 10),
  size: number(0.1, 10),
  missing: number(0, 0.5),
  unlistedEffects: number(0, 1),
  cohorts: number(0, 1),
  units: z.enum(['plain', 'scaled']),
  calls: z.enum(['told', 'untold']),
});

/**
 * Variations written as `name=value`.
 * @throws Failure `bad_input` naming what is not known or not within its bounds.
 */
export function variationOf(settings: readonly string[]): Partial<Variation> {
  const pairs = settings.map((setting) => {
    const at = setting.indexOf('=');
    return [setting.slice(0, at < 0 ? undefined : at), at < 0 ? '' : setting.slice(at + 1)];
  });
  const parsed = Settings.partial().safeParse(Object.fromEntries(pairs));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const names = Object.keys(Settings.shape).join(', ');
    throw new Failure(
      'bad_input',
      `${issue?.path.join('.') || 'This'} cannot be varied so: ${issue?.message}. Known are ${names}.`,
    );
  }
  const vary = Object.fromEntries(
    Object.entries(parsed.data).filter(([, value]) => value !== undefined),
  ) as Partial<Variation>;
  const { points, stepSeconds } = { ...ordinary, ...vary };
  if ((points * stepSeconds) / 60 >= LEAST_WINDOW_MINUTES) return vary;
  throw new Failure(
    'bad_input',
    `${points} points of ${stepSeconds} s are too short a window; take ${LEAST_WINDOW_MINUTES} minutes at least`,
  );
}

const steps = [
  [15, 960],
  [30, 480],
  [60, 240],
  [60, 360],
  [120, 120],
  [300, 72],
] as const;

/** Everything varied at once, as the seed says: other people's incidents, rather than this specification's. */
export function drawVariation(seed: number): Partial<Variation> {
  const { variation: chance } = streamsOf(seed, ['variation']);
  const [stepSeconds, points] = chance.pick(steps);
  const kinds = Object.fromEntries(
    Object.entries(kindMix).map(([kind, share]) => [kind, share * chance.logBetween(0.3, 3)]),
  );
  return {
    stepSeconds,
    points,
    changes: chance.integer(20, 100),
    noise: chance.logBetween(0.5, 1.8),
    size: chance.logBetween(0.7, 1.5),
    missing: chance.pick([0, 0.01, 0.05]),
    kinds,
    novelOrigins: chance.pick([ordinary.novelOrigins, kinds]),
    unlistedEffects: 0.3,
    cohorts: chance.pick([0, 0, 0.3, 0.8]),
    units: chance.pick(['plain', 'scaled']),
    calls: chance.chance(0.15) ? 'untold' : 'told',
  };
}
