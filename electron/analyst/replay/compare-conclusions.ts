import type { ReplayedRun, RunConclusion } from '../../../shared/vocabulary/model.ts';
import { NOT_JUDGED } from './replay-gateway.ts';

type Compared = Pick<ReplayedRun, 'hypotheses' | 'proposals' | 'verdicts' | 'diverges'>;

/** Where two conclusions of the same incident part. Pure. */
export function compareConclusions(before: RunConclusion, after: RunConclusion): Compared {
  const earlier = verdictsOf(before);
  const later = verdictsOf(after);
  const both = [...earlier.keys()].filter((proposal) => later.has(proposal));
  const onlyBefore = [...earlier.keys()].filter((proposal) => !later.has(proposal));
  const onlyAfter = [...later.keys()].filter((proposal) => !earlier.has(proposal));
  const verdicts = both.flatMap((proposal) => {
    const was = earlier.get(proposal) ?? '';
    const is = later.get(proposal) ?? '';
    return was === is || is === NOT_JUDGED ? [] : [{ proposal, before: was, after: is }];
  });
  const hypotheses = alike(before, after);
  return {
    hypotheses,
    proposals: { both, onlyBefore, onlyAfter },
    verdicts,
    diverges:
      hypotheses === 'different' || onlyBefore.length > 0 || onlyAfter.length > 0 || verdicts.length > 0,
  };
}

const verdictsOf = ({ proposals }: RunConclusion): Map<string, string> =>
  new Map(proposals.map(({ proposal, verdict }) => [proposal, verdict]));

/** Causes in the same order with the same conclusion; at least the same first cause; or neither. */
function alike(before: RunConclusion, after: RunConclusion): Compared['hypotheses'] {
  if (before.conclusion !== after.conclusion) return 'different';
  const { causes: then } = before;
  const { causes: now } = after;
  if (then.length === now.length && then.every((cause, place) => cause === now[place])) return 'same';
  return then.length > 0 && now.length > 0 && then[0] === now[0] ? 'same-first' : 'different';
}
