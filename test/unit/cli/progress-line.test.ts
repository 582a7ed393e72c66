import { expect, it } from 'vitest';
import { progressLine } from '../../../electron/cli/progress-line.ts';

function shown(moments: readonly number[]): string[] {
  const written: string[] = [];
  let nowMs = 0;
  const line = progressLine({ write: (text) => written.push(text) }, () => nowMs);
  for (const [done, ms] of moments.entries()) {
    nowMs = ms;
    line.tell({ realm: 'real', done, total: 9 });
  }
  line.clear();
  return written;
}

it('writes one line over and over, at most ten times a second, and takes it away in the end', () => {
  expect(shown([0, 50, 99, 100, 150, 205])).toEqual([
    '\r\u001b[Kreal log: 0 of 9 entries',
    '\r\u001b[Kreal log: 3 of 9 entries',
    '\r\u001b[Kreal log: 5 of 9 entries',
    '\r\u001b[K',
  ]);
});

it('leaves no trace when nothing was shown', () => {
  expect(shown([])).toEqual([]);
});
