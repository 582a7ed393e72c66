import type { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import type { Chance } from './chance.ts';

/** How a change reaches its share of requests: from each stage's minute on, over some minutes, up to its share. */
export type Rollout = { stages: readonly { minute: number; share: number }[]; overMinutes: number };

const ladders = [
  [0.1, 0.5, 1],
  [0.05, 0.25, 0.5, 1],
  [0.25, 1],
] as const;

/** A release replaces one pod after the other; a flag is opened step by step. Other kinds are there at once: null. */
export function drawRollout(chance: Chance, kind: string, minute: number): Rollout | null {
  if (kind === ('deploy' satisfies ChangeKind))
    return { stages: [{ minute, share: 1 }], overMinutes: chance.between(2, 6) };
  if (kind !== ('flag' satisfies ChangeKind)) return null;
  let next = minute;
  const stages = chance.pick(ladders).map((share) => {
    const stage = { minute: next, share };
    next += chance.between(3, 10);
    return stage;
  });
  return { stages, overMinutes: 0 };
}

/** The share of requests a change has reached at a minute. */
export const exposureAt = ({ stages, overMinutes }: Rollout, minute: number): number => {
  let share = 0;
  for (const stage of stages) {
    if (minute < stage.minute) break;
    const done = overMinutes === 0 ? 1 : Math.min(1, (minute - stage.minute) / overMinutes);
    share += (stage.share - share) * done;
  }
  return share;
};
