import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type GenerateCase, generateCase } from '../correlation/generate/generate-case.ts';
import { Failure, messageOf } from '../platform/failure.ts';

export { type TierName, tierNames } from '../correlation/generate/tiers.ts';
export { variationOf } from '../correlation/generate/variation.ts';
export type { GenerateCase };

/**
 * The text of a generated case, or where it was written when `path` is told (gzip when that ends in `.gz`).
 * @throws Failure `bad_input` when it cannot be written.
 */
export function generateCaseFile(options: GenerateCase, path: string | null): string {
  const text = `${JSON.stringify(generateCase(options))}\n`;
  if (path === null) return text;
  try {
    writeFileSync(path, path.endsWith('.gz') ? gzipSync(text) : text);
    return `${path}\n`;
  } catch (cause) {
    throw new Failure('bad_input', `${path} cannot be written: ${messageOf(cause)}`, cause);
  }
}
