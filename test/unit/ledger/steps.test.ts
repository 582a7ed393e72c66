import { expect, it } from 'vitest';
import { atOnce, inTurns } from '../../../electron/ledger/verify/steps.ts';

function* steps(log: string[]): Generator<number, string> {
  try {
    yield 1;
    yield 2;
    return 'done';
  } finally {
    log.push('let go');
  }
}

it('work in steps answers in one go, and tells each step', () => {
  const log: string[] = [];
  const seen: number[] = [];
  expect(atOnce(steps(log), (step) => seen.push(step))).toBe('done');
  expect([seen, log]).toEqual([[1, 2], ['let go']]);
});

it('work in turns pauses after each step', async () => {
  const log: string[] = [];
  const pause = async () => void log.push('pause');
  const { signal } = new AbortController();
  expect(await inTurns(steps(log), { pause, signal, onStep: (step) => log.push(`step ${step}`) })).toBe(
    'done',
  );
  expect(log).toEqual(['step 1', 'pause', 'step 2', 'pause', 'let go']);
});

it('work in turns that is aborted, or fails, lets go of what it held', async () => {
  const log: string[] = [];
  const closing = new AbortController();
  const pause = async () => closing.abort();
  expect(await inTurns(steps(log), { pause, signal: closing.signal })).toBeUndefined();
  expect(log).toEqual(['let go']);
  const fail = async () => {
    throw new Error('no turn');
  };
  await expect(inTurns(steps(log), { pause: fail, signal: new AbortController().signal })).rejects.toThrow(
    'no turn',
  );
  expect(log).toEqual(['let go', 'let go']);
});
