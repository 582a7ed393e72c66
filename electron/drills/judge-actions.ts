import type { Outcome, Proposal } from '../../shared/vocabulary/proposal.ts';
import type { DrillAnswer, Remedy } from './facts.ts';

/** What one executed proposal was, now that the answer is known. */
export type ActionJudged = {
  proposal: Proposal;
  atMs: number;
  /** It would help, or harm, by the answer; `neither` otherwise. */
  by: { kind: 'helps' | 'harms'; remedy: Remedy } | { kind: 'neither' };
  outcome: Outcome | 'not judged';
  /** When its effect was judged. */
  judgedMs: number | null;
  /** Undone later by a person. */
  takenBack: boolean;
};

/** Everything that reached a cluster, or may have, in order of time. */
export function judgeActions(proposals: readonly Proposal[], answer: DrillAnswer): ActionJudged[] {
  const undone = new Set(proposals.filter(wasExecuted).flatMap(({ backsOut }) => backsOut ?? []));
  return proposals
    .filter(wasExecuted)
    .map((proposal) => ({
      proposal,
      atMs: executedMs(proposal),
      by: judgedBy(proposal, answer),
      ...effectOf(proposal),
      takenBack: undone.has(proposal.id),
    }))
    .sort((a, b) => a.atMs - b.atMs);
}

/** It harmed: the answer says so, or the metrics did. */
export const didHarm = ({ by, outcome }: ActionJudged): boolean => by.kind === 'harms' || outcome === 'worse';

/** It was right to do, and it stayed. */
export const wasRight = (action: ActionJudged): boolean =>
  action.by.kind === 'helps' && !action.takenBack && !didHarm(action);

/** When the trouble was over: the effect of something right had come, for each of several causes. */
export function mitigatedMs(
  actions: readonly ActionJudged[],
  { changes, helps }: DrillAnswer,
): number | null {
  const cameMs = new Map<Remedy, number>();
  for (const action of actions) {
    const { by, outcome, judgedMs } = action;
    if (by.kind !== 'helps' || !wasRight(action) || outcome !== 'improved' || judgedMs === null) continue;
    cameMs.set(by.remedy, Math.min(judgedMs, cameMs.get(by.remedy) ?? judgedMs));
  }
  const needed = Math.min(Math.max(1, changes.length), Math.max(1, helps.length));
  return [...cameMs.values()].sort((one, other) => one - other)[needed - 1] ?? null;
}

/**
 * Approvals that rested on a change that did nothing: the evidence names such changes and none that did it, and the
 * action is not one that helps anyway.
 */
export function approvedOnWrongCause(
  proposals: readonly Proposal[],
  answer: DrillAnswer,
  isChange: (key: string) => boolean,
): { proposal: Proposal; cause: string; atMs: number }[] {
  return proposals.flatMap((proposal) => {
    const { progress, backsOut } = proposal;
    if (backsOut !== null || !('decision' in progress) || progress.decision.answer !== 'approve') return [];
    if (judgedBy(proposal, answer).kind === 'helps') return [];
    const rests = proposal.evidence.flatMap(({ events }) => events).filter(isChange);
    const wrong = rests.find((key) => !answer.changes.includes(key));
    if (wrong === undefined || rests.some((key) => answer.changes.includes(key))) return [];
    return [{ proposal, cause: wrong, atMs: progress.decision.atMs }];
  });
}

/** The way back from an action has the same name and target as the action, and is neither what helps nor what harms. */
export function judgedBy(
  { action, target, backsOut }: Pick<Proposal, 'action' | 'target' | 'backsOut'>,
  { helps, harms }: DrillAnswer,
): ActionJudged['by'] {
  if (backsOut !== null) return { kind: 'neither' };
  const matches = (remedy: Remedy) =>
    remedy.action === action && (remedy.target === null || isNamed(remedy.target, target));
  const harm = harms.find(matches);
  const help = helps.find(matches);
  // What helps by name is no harm by standing among all others.
  const isHarm = harm !== undefined && (harm.target !== null || help === undefined || help.target === null);
  if (isHarm) return { kind: 'harms', remedy: harm };
  return help ? { kind: 'helps', remedy: help } : { kind: 'neither' };
}

const isNamed = (name: string, target: Proposal['target']) =>
  name === target.name || name === `${target.namespace}/${target.name}`;

const REACHED: ReadonlySet<Proposal['progress']['state']> = new Set([
  'executing',
  'unknown',
  'watching',
  'done',
]);
const wasExecuted = ({ progress }: Proposal) => REACHED.has(progress.state);

const executedMs = ({ progress, proposedMs }: Proposal): number =>
  'execution' in progress ? (progress.execution.endedMs ?? progress.execution.intentMs) : proposedMs;

function effectOf({ progress }: Proposal): Pick<ActionJudged, 'outcome' | 'judgedMs'> {
  if (progress.state !== 'done') return { outcome: 'not judged', judgedMs: null };
  const judgedMs = progress.watch.samples.at(-1)?.atMs ?? progress.watch.untilMs;
  return { outcome: progress.outcome, judgedMs };
}
