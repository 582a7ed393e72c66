import type { Cause } from './cause.ts';
import type { Chance } from './chance.ts';
import { type Cohort, type RolledOut, variantsOf, versionName, versionsOf } from './cohorts.ts';
import type { Change } from './harmless.ts';
import { drawRollout } from './rollout.ts';

/** What of a case is told and measured by cohort. */
export type CohortPlan = {
  /** Harmless changes, among them further stages of flags, in place of as many others. */
  harmless: Change[];
  labels: Map<Change, Record<string, string>>;
  cohorts: Cohort[];
};

/**
 * Chooses the services whose versions are told apart, and the flags whose variants are: every guilty change that was rolled
 * out, and a `share` of the others, so that neither labels nor stages tell which one did it.
 */
export function planCohorts(
  chance: Chance,
  told: {
    guilty: readonly (readonly [Cause, readonly Change[]])[];
    harmless: readonly Change[];
    share: number;
    unmeasured: readonly number[];
  },
): CohortPlan {
  const { guilty, share, unmeasured } = told;
  const rolledOut = guilty.flatMap(([cause, changes]): RolledOut[] =>
    cause.rollout ? [{ changes, rollout: cause.rollout, cause }] : [],
  );
  // A guilty change that is not told apart must not look as if it had been found innocent.
  const closed = new Set([
    ...unmeasured,
    ...guilty.flatMap(([{ service, rollout }]) => (rollout ? [] : [service])),
  ]);
  const isOpen = ({ service }: Change) => !closed.has(service) && chance.chance(share);
  const { harmless, flags } = stagedFlags(chance, told.harmless, isOpen);
  const plan: CohortPlan = { harmless, labels: new Map(), cohorts: [] };
  const numbers = chance.shuffle(Array.from({ length: 900 }, (_, index) => 100 + index));
  for (const flag of chance.shuffle([...flags, ...rolledOut.filter(isOf('flag'))]))
    tellFlag(plan, flag, `flag-${numbers.pop()}`);
  const releases = [
    ...rolledOut.filter(isOf('deploy')),
    ...releasesOf(chance, harmless, { closed, share, rolledOut }),
  ];
  for (const [service, ofService] of Map.groupBy(releases, ({ changes }) => changes[0]?.service ?? 0))
    tellVersions(plan, service, ofService);
  return plan;
}

const isOf =
  (kind: Change['kind']) =>
  ({ changes }: RolledOut): boolean =>
    changes[0]?.kind === kind;

/** Gives the flags that are told apart their stages; what that adds is taken from the end of the others. */
function stagedFlags(chance: Chance, harmless: readonly Change[], isOpen: (change: Change) => boolean) {
  const flags: RolledOut[] = [];
  for (const change of harmless) {
    if (change.kind !== 'flag' || !isOpen(change)) continue;
    const rollout = drawRollout(chance, change.kind, change.minute);
    if (!rollout) continue;
    const [, ...later] = rollout.stages;
    flags.push({
      changes: [change, ...later.map(({ minute }) => ({ ...change, minute }))],
      rollout,
      cause: null,
    });
  }
  const kept = new Set(flags.map(({ changes }) => changes[0]));
  const stages = flags.flatMap(({ changes }) => changes.slice(1));
  const others = harmless.filter((change) => !kept.has(change));
  const first = harmless.filter((change) => kept.has(change));
  const all = [...first, ...others.slice(0, Math.max(0, others.length - stages.length)), ...stages];
  return { harmless: all.slice(0, harmless.length), flags };
}

/** All releases of the services that are told apart: of one with a guilty release all others too. */
function releasesOf(
  chance: Chance,
  harmless: readonly Change[],
  {
    closed,
    share,
    rolledOut,
  }: { closed: ReadonlySet<number>; share: number; rolledOut: readonly RolledOut[] },
): RolledOut[] {
  const guilty = new Set(rolledOut.filter(isOf('deploy')).map(({ changes }) => changes[0]?.service));
  const releases = harmless.filter(({ kind }) => kind === 'deploy');
  return [...Map.groupBy(releases, ({ service }) => service)]
    .filter(([service]) => guilty.has(service) || (!closed.has(service) && chance.chance(share)))
    .flatMap(([, changes]) =>
      changes.flatMap((change): RolledOut[] => {
        const rollout = drawRollout(chance, change.kind, change.minute);
        return rollout ? [{ changes: [change], rollout, cause: null }] : [];
      }),
    );
}

function tellFlag({ labels, cohorts }: CohortPlan, flag: RolledOut, name: string): void {
  for (const [stage, change] of flag.changes.entries()) {
    const share = flag.rollout.stages[stage]?.share ?? 1;
    labels.set(change, { flag: name, variant: 'on', rollout: String(Math.round(share * 100)) });
  }
  cohorts.push(...variantsOf(flag.changes[0]?.service ?? 0, name, flag));
}

function tellVersions(
  { labels, cohorts }: CohortPlan,
  service: number,
  releases: readonly RolledOut[],
): void {
  const changes = releases.flatMap((release) => release.changes).toSorted((a, b) => a.minute - b.minute);
  for (const [index, change] of changes.entries()) labels.set(change, { version: versionName(index) });
  cohorts.push(...versionsOf(service, releases));
}
