import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  causes,
  type GenerateOptions,
  generateDrill,
  limits,
  ordinaryOptions,
} from '../host/generate-drill.ts';
import { json, out } from './output.ts';

type Options = Omit<
  GenerateOptions,
  'delaySeconds' | 'missingScrapes' | 'unmeasuredServices' | 'distance'
> & {
  distance?: number;
  delay: number;
  missing: number;
  unmeasured: number;
  out: string;
  json?: boolean;
};

/** `drill generate`: draws a world and a scenario from a seed and writes them where `drill run --scenarios` finds them. */
export function generateCommand(drill: Command): void {
  const { services, delaySeconds, changes, decoys, noise, missingScrapes, unmeasuredServices, difficulty } =
    ordinaryOptions;
  drill
    .command('generate')
    .description('draws a world and a scenario from a seed; the same options give the same files')
    .option('--seed <n>', 'what everything is drawn from', whole(limits.seed), 1)
    .option('--services <n>', 'services of the world', whole(limits.services), services)
    .addOption(new Option('--cause <kind>', 'what goes wrong').choices(causes).default('release'))
    .option('--distance <n>', 'calls between the cause and the nearest entry', whole(limits.distance))
    .option('--delay <seconds>', 'from the change to its effect', number(limits.delaySeconds), delaySeconds)
    .option('--changes <n>', 'changes in the hour before', whole(limits.changes), changes)
    .option('--decoys <n>', 'harmless changes laid around the cause', whole(limits.decoys), decoys)
    .option('--noise <n>', 'noise of measurements, 1 is ordinary', number(limits.noise), noise)
    .option('--missing <share>', 'share of scrapes that fail', number(limits.missingScrapes), missingScrapes)
    .option(
      '--unmeasured <n>',
      'services nobody measures',
      whole(limits.unmeasuredServices),
      unmeasuredServices,
    )
    .option('--difficulty <n>', 'as it is offered', whole(limits.difficulty), difficulty)
    .requiredOption('--out <folder>', 'where the files go')
    .option('--json', 'one JSON document on standard output')
    .action(({ out: folder, delay, missing, unmeasured, distance, json: asJson, ...options }: Options) => {
      const written = generateDrill(
        {
          ...options,
          distance: distance ?? null,
          delaySeconds: delay,
          missingScrapes: missing,
          unmeasuredServices: unmeasured,
        },
        resolve(folder),
      );
      if (asJson) json(written);
      else {
        for (const file of written.files) out(file);
        out(`Play it with: drill run ${written.name} --scenarios ${folder}`);
      }
    });
}

/** @throws InvalidArgumentError for what is no number within the limits; commander adds which option it is. */
function number([least, most]: readonly [number, number]) {
  return (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
}

function whole(within: readonly [number, number]) {
  return (text: string): number => {
    const value = number(within)(text);
    if (Number.isInteger(value)) return value;
    throw new InvalidArgumentError('It must be a whole number.');
  };
}
