/**
 * Fits the weights of the ranking anew and writes them to electron/correlation/fitted-weights.ts. Half of the cases are as the
 * tiers have them, half are varied in everything; of every two tiers with a change behind the trouble one has none. The
 * seeds stay below those that the bench judges by.
 *
 *   node test/bench/correlation/fit.ts --seeds 100 [--from 1] [--signs signs.jsonl]
 *
 * `--signs` keeps what the engine reads from the cases in a file, and reads it from there when it exists.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { caseSigns } from '../../../electron/correlation/case-signs.ts';
import { generateCase } from '../../../electron/correlation/generate/generate-case.ts';
import { isNovel, tierNames } from '../../../electron/correlation/generate/tiers.ts';
import { drawVariation } from '../../../electron/correlation/generate/variation.ts';
import type { LabelledCase } from '../../../shared/formats/case.ts';
import { type FitCase, fitWeights } from './fit-model.ts';
import { thinned } from './thin-case.ts';
import { sourceOf } from './weights-source.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    signs: { type: 'string' },
  },
});

/** Systems that a fit of an hour can afford; what is learnt does not depend on the size. */
const SIZES = [10, 25, 50, 100, 25, 50, 100, 250] as const;
const FITTED = new URL('../../../electron/correlation/fitted-weights.ts', import.meta.url);

function* trainingCases(from: number, seeds: number): Generator<FitCase> {
  for (let seed = from; seed < from + seeds; seed += 1) {
    for (const [place, tier] of tierNames.entries()) {
      if (isNovel(tier) && (seed + place) % 2 === 0) continue;
      const drawn = seed * tierNames.length + place;
      const services = SIZES[drawn % SIZES.length] ?? 50;
      const vary = seed % 2 === 0 ? drawVariation(drawn) : {};
      const found = fitCase(thinned(generateCase({ tier, seed: drawn, services, vary }), drawn));
      if (found) yield found;
    }
  }
}

function fitCase({ truth, ...input }: LabelledCase): FitCase | null {
  const found = caseSigns(input);
  if (!found) return null;
  const services = [...found.services.values()];
  const places = new Map(services.map(({ id }, at) => [id, at]));
  return {
    services: services.map(({ id, signs }) => ({ signs, isCause: truth.services.includes(id) })),
    changes: found.changes.map(({ change, signs }) => ({
      service: places.get(change.service) ?? 0,
      signs,
      isCause: truth.changes.includes(change.id),
    })),
  };
}

function readCases(): FitCase[] {
  const { signs, from, seeds } = values;
  if (signs !== undefined && existsSync(signs))
    return readFileSync(signs, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as FitCase);
  const cases: FitCase[] = [];
  for (const one of trainingCases(Number(from), Number(seeds))) {
    cases.push(one);
    if (cases.length % 25 === 0) process.stdout.write(`${cases.length} cases read\n`);
  }
  if (signs !== undefined) writeFileSync(signs, `${cases.map((one) => JSON.stringify(one)).join('\n')}\n`);
  return cases;
}

const cases = readCases();
/** What is known beforehand counts as much as this many cases; of more cases it is the smaller part. */
const PRIOR_CASES = 1.5;
const fitted = fitWeights(cases, {
  rounds: 400,
  ridge: PRIOR_CASES / cases.length,
  rareRidge: 0.2,
  differenceRidge: 5,
});
const today = new Date().toISOString().slice(0, 10);
writeFileSync(FITTED, sourceOf(fitted, `Fitted on ${cases.length} generated cases, ${today}.`));
process.stdout.write(`weights of ${cases.length} cases written to ${FITTED.pathname}\n`);
