/**
 * How sure the ranking may be that none of the changes did it: fits the shift of its log-odds (`weights.novelty` in
 * electron/correlation/weights.ts) by maximum likelihood, and prints it. Half of the cases are as the tiers have them, half
 * are varied in everything. Seeds are those that no weight was fitted on, below those that the bench judges by.
 *
 *   node test/bench/correlation/calibrate.ts [--per-tier 300]
 */
import { parseArgs } from 'node:util';
import { drawVariation } from '../../../electron/correlation/generate/variation.ts';
import { weights } from '../../../electron/correlation/weights.ts';
import { type Judged, judge } from './judged.ts';
import { generated } from './labelled.ts';

const { values } = parseArgs({ options: { 'per-tier': { type: 'string', default: '300' } } });
const perTier = Number(values['per-tier']);
const AS_TOLD_FROM = 100_000_000;
const VARIED_FROM = 200_000_000;
const ROUNDS = 50;

const told: Judged[] = [];
for (const [seed, vary] of [
  [AS_TOLD_FROM, () => ({})],
  [VARIED_FROM, drawVariation],
] as const)
  for (const one of generated({ perTier, seed, vary })) {
    told.push(judge(one, seed));
    if (told.length % 100 === 0) process.stdout.write(`${told.length} cases ranked\n`);
  }

/** Log-odds that are finite for what is rounded to 0 or 1. */
const logOddsOf = (share: number): number => Math.log((share + 1e-9) / (1 - share + 1e-9));

/** A shift of log-odds: logistic regression with nothing but an intercept (Platt 1999 with his slope held at 1), by Newton's steps. */
function shiftOf(judged: readonly Judged[], ofIncidents: number): number {
  const without = judged.filter(({ isNovel }) => isNovel).length / judged.length;
  const cases = judged.map(({ novelty, isNovel }) => ({
    logOdds: logOddsOf(novelty),
    isNovel: Number(isNovel),
    counts: isNovel ? ofIncidents / without : (1 - ofIncidents) / (1 - without),
  }));
  let shift = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    let slope = 0;
    let curve = 0;
    for (const { logOdds, isNovel, counts } of cases) {
      const said = 1 / (1 + Math.exp(-logOdds - shift));
      slope += counts * (isNovel - said);
      curve += counts * said * (1 - said);
    }
    shift += slope / curve;
  }
  return shift;
}

const { ofIncidents, logOdds } = weights.novelty;
const found = logOdds + shiftOf(told, ofIncidents);
process.stdout.write(
  `${told.length} cases, ${ofIncidents} of incidents without a guilty change: weights.novelty.logOdds ${found.toFixed(3)}\n`,
);
