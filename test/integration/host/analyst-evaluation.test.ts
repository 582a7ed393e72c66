import { expect, it } from 'vitest';
import { judge } from '../../bench/analyst/judge.ts';
import { play } from '../../bench/analyst/play.ts';
import { summaryOf } from '../../bench/analyst/summary.ts';

/** A small set of what `npm run bench -- analyst` plays at large: one cause of each sort, none, and one that is not ours. */
const SET = [
  ['bad-deploy', 5],
  ['flag-flip', 5],
  ['no-incident', 5],
  ['provider-outage', 5],
] as const;

it('finds causes, admits where there is none, harms nobody and invents no evidence, without a model', async () => {
  const judged = [];
  for (const [scenario, seed] of SET) judged.push(judge(await play({ scenario, seed, andBack: false })));
  expect(summaryOf(judged)).toMatchObject({
    foundInThree: 1,
    admitted: 1,
    harmful: 0,
    notOnRecord: 0,
    dropped: 0,
  });
});
