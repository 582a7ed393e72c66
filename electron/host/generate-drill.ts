import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, messageOf } from '../platform/failure.ts';
import { type GenerateOptions, generateScenario } from '../sandbox/generate/generate-scenario.ts';
import { scenarioFiles } from '../sandbox/generate/write-scenario.ts';

export {
  causes,
  type GenerateOptions,
  limits,
  ordinaryOptions,
} from '../sandbox/generate/generate-scenario.ts';

/** Writes a generated scenario and its topology into a folder of scenarios, and says what it is called. */
export function generateDrill(options: GenerateOptions, folder: string): { name: string; files: string[] } {
  const { name, scenario, topology } = scenarioFiles(generateScenario(options));
  const files = [
    join(folder, `${name}.yaml`),
    join(folder, 'topologies', `drawn-${options.services}-${options.seed}.yaml`),
  ] as const;
  try {
    mkdirSync(join(folder, 'topologies'), { recursive: true });
    writeFileSync(files[0], scenario);
    writeFileSync(files[1], topology);
  } catch (error) {
    throw new Failure('bad_input', `out: nothing can be written to ${folder}: ${messageOf(error)}`, error);
  }
  return { name, files: [...files] };
}
