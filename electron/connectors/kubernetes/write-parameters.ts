import type { WriteOptions } from '../source.ts';
import type { Parameters } from './cluster-api.ts';

/** The longest field manager that the API takes. */
const maxManagerLength = 128;

/** How a write is signed: in the name of the intent. */
export function parametersOf({ intent, dryRun }: WriteOptions): Parameters {
  if (intent === '' || intent.length > maxManagerLength)
    throw new Error('an intent id of 1 to 128 characters is needed');
  return { fieldManager: intent, ...(dryRun ? { dryRun: 'All' } : {}) };
}
