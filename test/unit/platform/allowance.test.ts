import { expect, it } from 'vitest';
import { allowance } from '../../../electron/platform/allowance.ts';

it('gives a burst, then as many as time brings, never more than a burst', () => {
  let atMs = 0;
  const { take } = allowance({ burst: 2, perSecond: 1, now: () => atMs });
  expect([take(), take(), take()]).toEqual([true, true, false]);
  atMs = 999;
  expect(take()).toBe(false);
  atMs = 1_000;
  expect([take(), take()]).toEqual([true, false]);
  atMs = 60_000;
  expect([take(), take(), take()]).toEqual([true, true, false]);
});

it('gives nothing for a clock that was set back', () => {
  let atMs = 10_000;
  const { take } = allowance({ burst: 1, perSecond: 1, now: () => atMs });
  take();
  atMs = 0;
  expect(take()).toBe(false);
  atMs = 1_000;
  expect(take()).toBe(true);
});

it('gives several at once or none of them', () => {
  const { take } = allowance({ burst: 5, perSecond: 1, now: () => 0 });
  expect([take(3), take(3), take(2), take()]).toEqual([true, false, true, false]);
});
