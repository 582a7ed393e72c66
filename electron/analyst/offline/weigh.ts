import type { Argument, ArgumentOf } from './arguments/argument.ts';
import { calleeWentBad } from './arguments/callee-went-bad.ts';
import { cameAfterTheAlarm } from './arguments/came-after-the-alarm.ts';
import { leavesOthersUnexplained } from './arguments/leaves-others-unexplained.ts';
import { memoryWasFull } from './arguments/memory-was-full.ts';
import { routineOfANode } from './arguments/routine-of-a-node.ts';
import { servedWell } from './arguments/served-well.ts';
import { sharedResource } from './arguments/shared-resource.ts';
import { doneByAScaler, sizeOfChange } from './arguments/size-of-change.ts';
import { timedByItsSamples } from './arguments/timed-by-its-samples.ts';
import { versionsCompared } from './arguments/versions-compared.ts';
import type { Candidate, Candidates, WhatWasRead } from './what-was-read.ts';

const ARGUMENTS: readonly ArgumentOf[] = [
  cameAfterTheAlarm,
  timedByItsSamples,
  versionsCompared,
  servedWell,
  leavesOthersUnexplained,
  calleeWentBad,
  memoryWasFull,
  sizeOfChange,
  doneByAScaler,
  sharedResource,
  routineOfANode,
];

/** A change with the chance that it is the cause, once everything that was read of it is weighed. */
export type Weighed = { change: Candidate; chance: number; arguments: Argument[] };
export type Weighing = { changes: Weighed[]; notSeen: number };

/**
 * The ranking's chances, multiplied by what a reader holds for and against each, and brought back to one in sum. What
 * arguments take from one change goes to the others and to a cause that is not seen, each by its share.
 */
export function weigh(candidates: Candidates, read: WhatWasRead): Weighing {
  const weighed = candidates.changes.map((change) => {
    const held = ARGUMENTS.flatMap((argue) => argue(change, read) ?? []);
    const weight = held.reduce((product, { times }) => product * times, change.score);
    return { change, weight, arguments: held };
  });
  const listed = candidates.changes.reduce((sum, { score }) => sum + score, 0);
  const unlisted = Math.max(0, 1 - listed - candidates.novelty);
  const whole = weighed.reduce((sum, { weight }) => sum + weight, candidates.novelty + unlisted) || 1;
  return {
    changes: weighed
      .map(({ weight, ...one }) => ({ ...one, chance: weight / whole }))
      .sort((a, b) => b.chance - a.chance),
    notSeen: candidates.novelty / whole,
  };
}
