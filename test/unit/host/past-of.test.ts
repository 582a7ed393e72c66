import { expect, it } from 'vitest';
import { belongsTo, pastOf } from '../../../electron/host/past-of.ts';

const HOUR_MS = 3_600_000;
const incident = { fromMs: 100 * HOUR_MS, openedMs: 101 * HOUR_MS };

it('asks for the window of an incident and the day before it was opened', () => {
  expect(pastOf(incident, 102 * HOUR_MS)).toEqual({ fromMs: 77 * HOUR_MS, toMs: 102 * HOUR_MS });
  const long = { fromMs: 0, openedMs: 101 * HOUR_MS };
  expect(pastOf(long, 102 * HOUR_MS)).toEqual({ fromMs: 0, toMs: 102 * HOUR_MS });
});

it('takes what happened in the window, and of the day before only what was changed, also when it is told late', () => {
  const at = (hour: number, kind: 'change' | 'signal') => belongsTo(incident)({ kind, atMs: hour * HOUR_MS });
  expect([at(100, 'signal'), at(99, 'signal')]).toEqual([true, false]);
  expect([at(99, 'change'), at(77, 'change'), at(76, 'change')]).toEqual([true, true, false]);
});
