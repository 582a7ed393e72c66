import { expect, it } from 'vitest';
import { thresholdOf } from '../../../../renderer/proposals/threshold.ts';

it('takes a share as a number or in percent, with a point or a comma', () => {
  expect(['0.025', '2.5 %', '2,5%', ' .025 ', '300', '-1'].map(thresholdOf)).toEqual([
    0.025, 0.025, 0.025, 0.025, 300, -1,
  ]);
});

it('guesses nothing from what is no number', () => {
  expect(['', 'low', '1 000', '2.5 s', '1e3', '%'].map(thresholdOf)).toEqual(Array(6).fill(null));
});
