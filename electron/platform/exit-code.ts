import { Failure } from './failure.ts';

/**
 * The documented exit code for what a command threw: 2 for wrong usage or input that cannot be read, 3 for a dependency
 * that failed, 70 (EX_SOFTWARE of sysexits.h) for a defect.
 */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof Failure)) return 70;
  return error.code === 'bad_input' || error.code === 'not_found' || error.code === 'unauthorized' ? 2 : 3;
}
