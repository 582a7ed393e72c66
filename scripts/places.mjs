import { fileURLToPath } from 'node:url';

/** Paths in this checkout. Everything in scripts/ runs on Node 18 with nothing installed. */
export const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export const tell = (sentence) => process.stderr.write(`${sentence}\n`);

/** Something that ends the script with a sentence and a documented exit code. */
export class Stop extends Error {
  constructor(exitCode, sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** Runs a script's main part; what it throws becomes one sentence and an exit code (70: a defect of the script). */
export async function run(main) {
  try {
    await main();
  } catch (error) {
    tell(error instanceof Stop ? error.message : (error?.stack ?? String(error)));
    process.exit(error instanceof Stop ? error.exitCode : 70);
  }
}
