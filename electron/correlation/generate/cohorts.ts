import { type Cause, pullsOf, severityAt } from './cause.ts';
import type { Chance } from './chance.ts';
import { queueing, shed } from './dynamics.ts';
import type { Change } from './harmless.ts';
import type { Lever } from './levers.ts';
import { type Going, goingOnIn, type Observed, observe, type Run } from './observe.ts';
import { exposureAt, type Rollout } from './rollout.ts';

/** The requests of a service that one version serves, or that a flag is on or off for. */
export type Cohort = {
  service: number;
  labels: Record<string, string>;
  /** The cause that is at work in some cohorts of its kind and not in the others; null when all fare alike. */
  parts: Cause | null;
  isBad: boolean;
  /** The share of requests it has at a minute. */
  share(minute: number): number;
};

/** A release, or a flag with all its stages, as it was rolled out; with the cause it is, if it is one. */
export type RolledOut = { changes: readonly Change[]; rollout: Rollout; cause: Cause | null };

/** The versions of a service: what ran before and one a release; the trouble of one release stays in those after it. */
export function versionsOf(service: number, releases: readonly RolledOut[]): Cohort[] {
  const inOrder = releases.toSorted((a, b) => firstMinute(a) - firstMinute(b));
  const guilty = inOrder.findIndex(({ cause }) => cause !== null);
  const arrived = (index: number, minute: number) => {
    const release = inOrder[index];
    return release ? exposureAt(release.rollout, minute) : 0;
  };
  return [-1, ...inOrder.keys()].map((index) => ({
    service,
    labels: { version: versionName(index) },
    parts: inOrder[guilty]?.cause ?? null,
    isBad: guilty >= 0 && index >= guilty,
    share: (minute) => (index < 0 ? 1 : arrived(index, minute)) * (1 - arrived(index + 1, minute)),
  }));
}

const firstMinute = ({ changes }: RolledOut): number => changes[0]?.minute ?? 0;

/** The version a service runs after so many releases of the case; before the first, -1. */
export const versionName = (index: number): string => `1.${index + 1}`;

/** Those a flag is on for and those it is off for. */
export function variantsOf(service: number, flag: string, { rollout, cause }: RolledOut): Cohort[] {
  const on = (minute: number) => exposureAt(rollout, minute);
  const variant = { service, parts: cause };
  return [
    { ...variant, labels: { flag, variant: 'on' }, isBad: cause !== null, share: on },
    { ...variant, labels: { flag, variant: 'off' }, isBad: false, share: (minute) => 1 - on(minute) },
  ];
}

/** What is measured of a cohort alone; nothing while it has no requests. */
export function observeCohort(run: Run, cohort: Cohort, chance: Chance, noise: number): Observed {
  const { from } = run.course;
  const { grid } = run.world;
  const minuteOf = (step: number) => (from + step) * grid.stepMinutes;
  const whole = goingOnIn(run, cohort.service);
  const going = cohort.parts === null ? whole : apart(run, whole, cohort.parts, cohort);
  const share = whole.traffic.map((_, step) => cohort.share(minuteOf(step)));
  const traffic = going.traffic.map((rps, step) => rps * (share[step] ?? 0));
  const observed = observe({ ...going, traffic }, grid, chance, noise);
  const onlyWhereAny = (values: Float64Array) =>
    values.map((value, step) => ((share[step] ?? 0) < LEAST_SHARE ? Number.NaN : value));
  return {
    ...observed,
    traffic: onlyWhereAny(observed.traffic),
    p99: onlyWhereAny(observed.p99),
    errors: onlyWhereAny(observed.errors),
  };
}

const LEAST_SHARE = 0.01;

/**
 * What goes on in a cohort, from what goes on in the whole: there a cause is at work in a share of the requests, here in all
 * of them or in none.
 */
function apart(
  { world, levers, course }: Run,
  whole: Going,
  cause: Cause,
  { service, isBad }: Cohort,
): Going {
  const pulls = new Map(pullsOf(cause));
  const slower = levers.at(service, 'latency');
  const own = world.latency[service] ?? 0;
  const [latency, p99, errors, load] = [whole.latency, whole.p99, whole.errors, whole.load].map((row) =>
    row.slice(),
  );
  if (!latency || !p99 || !errors || !load) throw new Error('four rows were copied');
  for (let step = 0; step < latency.length; step += 1) {
    const at = course.from + step;
    const minute = at * world.grid.stepMinutes;
    const severity = severityAt(cause, minute);
    const mixed = severity * (cause.rollout ? exposureAt(cause.rollout, minute) : 1);
    const here = isBad ? severity : 0;
    const ratio = (lever: Lever) => {
      const pull = pulls.get(lever);
      return pull ? pull(here) / pull(mixed) : 1;
    };
    const busy = whole.load[step] ?? 0;
    const busyHere = (busy * ratio('work')) / ratio('capacity');
    const usual = whole.latency[step] ?? 0;
    const ownShare = own * (slower?.[at] ?? 1) * queueing(busy);
    const ownHere = own * (slower?.[at] ?? 1) * ratio('latency') * queueing(busyHere);
    const mean = ownHere + Math.max(0, usual - ownShare) * ratio('fanOut');
    const failing = pulls.get('errors');
    const more = failing ? failing(here) - failing(mixed) : 0;
    load[step] = busyHere;
    latency[step] = mean;
    p99[step] = ((whole.p99[step] ?? 0) * ratio('tail') * mean) / Math.max(usual, 1e-9);
    errors[step] = Math.min(1, Math.max(0, (whole.errors[step] ?? 0) + more + shed(busyHere) - shed(busy)));
  }
  return { ...whole, latency, p99, errors, load };
}
