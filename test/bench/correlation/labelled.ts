import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { generateCase } from '../../../electron/correlation/generate/generate-case.ts';
import { tierNames } from '../../../electron/correlation/generate/tiers.ts';
import type { Variation } from '../../../electron/correlation/generate/variation.ts';
import { CaseFile, Truth } from '../../../shared/formats/case.ts';
import { scenarioCase } from './scenario-cases.ts';

/** A case to judge a ranking by. `group` is what it is counted with, `input` all the ranking gets to see. */
export type Labelled = { group: string; name: string; kind: string; input: CaseFile; truth: Truth };

export type Drawn = {
  perTier: number;
  seed: number;
  services?: number;
  vary: (seed: number) => Partial<Variation>;
};

/** Generated ones, tier by tier; the seeds of one tier are never those of another. */
export function* generated({ perTier, seed, vary, ...options }: Drawn): Generator<Labelled> {
  for (const [place, tier] of tierNames.entries()) {
    for (let index = 0; index < perTier; index += 1) {
      const drawn = seed + place * SEEDS_APART + index;
      const { truth, ...input } = generateCase({ tier, seed: drawn, vary: vary(drawn), ...options });
      yield { group: tier, name: `${tier} seed ${drawn}`, kind: kindOf(input, truth), input, truth };
    }
  }
}

const SEEDS_APART = 1_000_000;

/** What others label a case with: one service instead of several, and more that is of no use here. */
const Foreign = CaseFile.extend({
  truth: Truth.partial({ services: true }).extend({ service: z.string().optional() }),
});

/** The case files of a folder, counted by the last word of their names (`petshop-high-00-dense.json.gz`: dense). */
export function* fromFolder(folder: string): Generator<Labelled> {
  const files = readdirSync(folder).filter((file) => /\.json(\.gz)?$/.test(file));
  for (const file of files.sort()) {
    const bytes = readFileSync(join(folder, file));
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const { truth: told, ...input } = Foreign.parse(JSON.parse(text));
    const { service, services = service === undefined ? [] : [service], ...rest } = told;
    const name = basename(file).replace(/\.json(\.gz)?$/, '');
    const truth = { ...rest, services };
    yield { group: name.split('-').at(-1) ?? name, name, kind: kindOf(input, truth), input, truth };
  }
}

/** The built-in scenarios, played to their alert. */
export async function* fromScenarios(
  scenarios: readonly string[],
  { perScenario, seed }: { perScenario: number; seed: number },
): AsyncGenerator<Labelled> {
  for (const scenario of scenarios) {
    for (let index = 0; index < perScenario; index += 1) {
      const { truth, ...input } = await scenarioCase(scenario, seed + index);
      const name = `${scenario} seed ${seed + index}`;
      yield { group: scenario, name, kind: kindOf(input, truth), input, truth };
    }
  }
}

/** The kind of the change behind it, or what it was instead. */
function kindOf({ changes }: CaseFile, { changes: guilty, origins = [] }: Truth): string {
  const kind = changes.find(({ id }) => id === guilty[0])?.kind;
  return kind ?? (origins[0] ? `no change: ${origins[0].origin}` : 'no change');
}
