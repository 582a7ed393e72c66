import { Failure } from '../platform/failure.ts';

/** What a system tells, or null where it refuses or fails; only being called off is passed on. */
export async function ifTold<Value>(ask: () => Promise<Value>): Promise<Value | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Failure && error.code !== 'cancelled') return null;
    throw error;
  }
}
