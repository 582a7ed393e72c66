import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { generateCaseFile, type TierName, tierNames, variationOf } from '../host/generate-case-file.ts';
import { wholeNumber } from './whole-number.ts';

type Options = { tier: TierName; seed: number; services?: number; vary: string[]; out?: string };

/** `generate-case`: a labelled case file drawn from a seed, to judge a ranking by. */
export function generateCaseCommand(program: Command): void {
  program
    .command('generate-case')
    .description(
      'draws a labelled case file (countersign.case/1 with truth); the same options give the same file',
    )
    .addOption(
      new Option('--tier <name>', 'how hard; N: no change is the cause')
        .choices(tierNames)
        .makeOptionMandatory(),
    )
    .requiredOption('--seed <n>', 'what everything is drawn from', wholeNumber)
    .option('--services <n>', 'services of the system, otherwise drawn from the seed', servicesNumber)
    .option(
      '--vary <name=value...>',
      'something else than the tier has, such as noise=2 or stepSeconds=30',
      [],
    )
    .option('--out <file>', 'where it goes, gzip when it ends in .gz; otherwise standard output')
    .action(({ out, vary, ...options }: Options) => {
      process.stdout.write(
        generateCaseFile({ ...options, vary: variationOf(vary) }, out === undefined ? null : resolve(out)),
      );
    });
}

const FEWEST = 5;
const MOST = 2000;

/** @throws InvalidArgumentError; commander adds which option it is. */
function servicesNumber(text: string): number {
  const services = wholeNumber(text);
  if (services >= FEWEST && services <= MOST) return services;
  throw new InvalidArgumentError(`It must be a whole number from ${FEWEST} to ${MOST}.`);
}
