import { expect, it } from 'vitest';
import { killedExecution } from '../../fixtures/killed-execution/killed-execution.ts';

it('executes once, and tells how many steps that is', async () => {
  const whole = await killedExecution({ at: 'never' });
  expect(whole).toMatchObject({ writes: 1, intended: true, state: 'watching' });
  expect(whole.steps).toBeGreaterThan(20);
});

it('finds a write again that was applied while the process was killed, and does not send it again', async () => {
  expect(await killedExecution({ at: 'write' })).toEqual({
    steps: null,
    writes: 1,
    intended: true,
    state: 'unknown',
    trace: 'was',
  });
});

it.each([9, 24])('killed at step %i, it loses no intent and sends no second write', async (step) => {
  const { writes } = await killedExecution({ at: 'step', step });
  expect(writes).toBeLessThanOrEqual(1);
});
