import type { LabelledCase } from '../../../shared/formats/case.ts';
import { Failure } from '../../platform/failure.ts';
import { type Alert, firstAlert } from './alert.ts';
import { type Cause, type CauseMix, drawCause, inflict } from './cause.ts';
import { type Chance, streamOf, streamsOf } from './chance.ts';
import { observeCohort } from './cohorts.ts';
import { type Course, play } from './dynamics.ts';
import { type Change, disturb, drawHarmless } from './harmless.ts';
import { type Levers, leversOf } from './levers.ts';
import { drawWorld, type Grid, type World } from './load.ts';
import { goingOnIn, isIdentifiable, observe } from './observe.ts';
import { planCohorts } from './plan-cohorts.ts';
import { drawRollout } from './rollout.ts';
import { isNovel, kindMix, type Tier, type TierName, tierOf } from './tiers.ts';
import { drawTopology, sizes } from './topology.ts';
import { ordinary, type Variation } from './variation.ts';
import { writeCase } from './write-case.ts';

export type GenerateCase = {
  tier: TierName;
  seed: number;
  /** How many services; drawn when it is not told. */
  services?: number;
  vary?: Partial<Variation>;
};

/** Each part draws from a stream of its own, so that one option varied leaves the others as they were. */
const PARTS = ['size', 'topology', 'load', 'cause', 'noise', 'harmless', 'telling', 'cohorts'] as const;
type Streams = Record<(typeof PARTS)[number], Chance>;

/**
 * A labelled case by `cs-incident/1`: a system of services is played with a cause in it until an alert fires, measured as
 * such systems are, and forty changes are told of it. The same arguments give the same case.
 * @throws Failure `bad_input` when nothing so slight is noticed.
 */
export function generateCase({ tier: name, seed, services, vary }: GenerateCase): LabelledCase {
  const variation: Variation = { ...ordinary, ...vary };
  const tier = tierOf(name);
  const streams = streamsOf(seed, PARTS);
  const size = services ?? streams.size.pick(sizes);
  const grid = gridOf(variation);
  const mix: CauseMix = {
    origins: isNovel(name) ? variation.novelOrigins : variation.kinds,
    unlisted: variation.unlistedEffects,
    size: variation.size,
  };
  for (let left = SYSTEMS; left > 0; left -= 1) {
    const topology = drawTopology(streams.topology, size);
    const world = drawWorld(streams.load, topology, grid, tier.organicRamp);
    const noise = variation.noise * tier.noise;
    const trouble = drawTrouble(streams, world, { tier, mix, noise, cohorts: variation.cohorts });
    if (trouble) return tell(streams, world, trouble, { name, tier, variation });
  }
  throw new Failure(
    'bad_input',
    `Nothing that is noticed comes of seed ${seed} in ${name}; take larger effects or less noise`,
  );
}

/** After so many systems that absorb whatever hits them, what was asked for is too slight to be noticed anywhere. */
const SYSTEMS = 20;

type Trouble = { causes: Cause[]; unmeasured: number[]; levers: Levers; alert: Alert; endStep: number };

const ALERT_WITHIN_MINUTES = 45;
const DATA_GOES_ON_MINUTES = [5, 15] as const;
const CAUSES_APART_MINUTES = 10;

/** The first effect begins when the window has passed once, so that data can end whenever the alert comes. */
function gridOf({ points, stepSeconds }: Variation): Grid {
  const stepMinutes = stepSeconds / 60;
  const after = CAUSES_APART_MINUTES + ALERT_WITHIN_MINUTES + DATA_GOES_ON_MINUTES[1];
  return {
    stepMinutes,
    steps: points + Math.ceil(after / stepMinutes) + 3,
    effectMinute: points * stepMinutes,
  };
}

/** After so many draws without trouble that can be identified the system is drawn anew: some absorb whatever hits them. */
const DRAWS = 60;

function drawTrouble(
  { cause: chance, cohorts: forCohorts }: Streams,
  world: World,
  { tier, mix, noise, cohorts }: { tier: Tier; mix: CauseMix; noise: number; cohorts: number },
): Trouble | null {
  const { grid, topology } = world;
  const from = Math.max(0, Math.ceil((grid.effectMinute - CALM_MINUTES) / grid.stepMinutes));
  const calm = play(world, leversOf(grid.steps), { from, until: grid.steps });
  for (let left = DRAWS; left > 0; left -= 1) {
    const begins = chance.between(0, grid.stepMinutes) + grid.effectMinute;
    const causes = [drawCause(chance, topology, tier, mix, begins)];
    if (chance.chance(tier.twoCauses)) {
      const later = begins + chance.between(0, CAUSES_APART_MINUTES);
      causes.push(drawCause(chance, topology, tier, mix, later));
    }
    for (const cause of causes) if (forCohorts.chance(cohorts)) rollOut(forCohorts, cause);
    // What alerts is measured.
    const mayBeUnmeasured = causes.slice(0, 1).filter(({ service }) => !topology.entries.includes(service));
    const unmeasured = chance.chance(tier.unmeasuredRoot)
      ? mayBeUnmeasured.map(({ service }) => service)
      : [];
    const goesOnMinutes = chance.between(...DATA_GOES_ON_MINUTES);
    const trouble = unfold(chance, world, { calm, causes, unmeasured, goesOnMinutes, noise });
    if (trouble) return trouble;
  }
  return null;
}

function rollOut(chance: Chance, cause: Cause): void {
  cause.rollout = drawRollout(chance, cause.origin, cause.beginsAt - cause.delayMinutes);
}

/** Enough calm to tell what is normal. */
const CALM_MINUTES = 45;

/** What a cause leads to; null when nobody is alerted in time, or nothing points at it. */
function unfold(
  chance: Chance,
  world: World,
  told: { calm: Course; causes: Cause[]; unmeasured: number[]; goesOnMinutes: number; noise: number },
): Trouble | null {
  const { grid } = world;
  const { calm, causes, unmeasured, goesOnMinutes, noise } = told;
  const { from } = calm;
  const levers = leversOf(grid.steps);
  for (const cause of causes) inflict(cause, levers, grid);
  const begins = causes[0]?.beginsAt ?? 0;
  const quietUntil = Math.ceil(begins / grid.stepMinutes);
  const course = play(world, levers, { from, until: grid.steps });
  const alert = firstAlert(world, levers, { troubled: course, calm }, quietUntil);
  if (alert === null) return null;
  if (alert.step * grid.stepMinutes > begins + ALERT_WITHIN_MINUTES) return null;
  const endStep = alert.step + 1 + Math.round(goesOnMinutes / grid.stepMinutes);
  const span = { quiet: quietUntil - from, lastFrom: alert.step - from, until: endStep - from };
  const isSeen = causes
    .filter(({ service }) => !unmeasured.includes(service))
    .every(({ service }) => {
      const going = goingOnIn({ world, levers, course }, service);
      return isIdentifiable(observe(going, grid, chance, noise), span);
    });
  return isSeen ? { causes, unmeasured, levers, alert, endStep } : null;
}

/** The harmless changes around the trouble, then all that anybody would know of it. */
function tell(
  streams: Streams,
  world: World,
  { causes, unmeasured, levers, alert, endStep }: Trouble,
  { name, tier, variation }: { name: TierName; tier: Tier; variation: Variation },
): LabelledCase {
  const { grid, topology } = world;
  const from = endStep - variation.points;
  const window = { from: from * grid.stepMinutes, to: endStep * grid.stepMinutes };
  const guilty = isNovel(name)
    ? []
    : causes.map((cause) => [cause, changesBehind(cause, window.to)] as const);
  const told = guilty.reduce((sum, [, changes]) => sum + changes.length, 0);
  const drawn = drawHarmless(streams.harmless, {
    topology,
    tier,
    kinds: kindMix,
    guilty: causes.map(({ service }) => service),
    alerting: alert.service,
    onset: Math.min(...causes.map(({ beginsAt }) => beginsAt)),
    window,
    count: Math.max(0, variation.changes - told),
  });
  const { harmless, labels, cohorts } = planCohorts(streams.cohorts, {
    guilty,
    harmless: drawn,
    share: variation.cohorts,
    unmeasured,
  });
  disturb(streams.harmless, harmless, levers, tier, grid);
  const course = play(world, levers, { from, until: endStep });
  const noise = tier.noise * variation.noise;
  const run = { world, levers, course };
  const measured = streamOf(streams.noise, topology.size).map((chance, service) =>
    unmeasured.includes(service) ? null : observe(goingOnIn(run, service), grid, chance, noise),
  );
  const inCohorts = cohorts.map((cohort) => ({
    ...cohort,
    observed: observeCohort(run, cohort, streams.cohorts, noise),
  }));
  return writeCase(streams.telling, {
    topology,
    variation,
    wrongEdges: tier.wrongEdges,
    window,
    measured,
    inCohorts,
    guilty: guilty.flatMap(([, changes]) => changes),
    harmless,
    labels,
    causes,
    alert: { ...alert, minute: alert.step * grid.stepMinutes },
  });
}

/** The change behind a cause; of a flag that is opened step by step, each step there was time for. */
function changesBehind({ origin, service, beginsAt, delayMinutes, rollout }: Cause, until: number): Change[] {
  if (origin === 'hardware' || origin === 'third-party') throw new Error(`no change is behind ${origin}`);
  const stages = rollout?.stages ?? [{ minute: beginsAt - delayMinutes }];
  return stages
    .filter(({ minute }) => minute <= until)
    .map(({ minute }) => ({ kind: origin, service, minute }));
}
