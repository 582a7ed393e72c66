import { describe, expect, it } from 'vitest';
import { lastDue } from '../../../electron/sandbox/cluster/cron-schedule.ts';
import { humanDuration } from '../../../electron/sandbox/kubernetes/ages.ts';

// The table of apimachinery's own test of HumanDuration, as far as it goes in milliseconds.
it.each([
  [-2, '<invalid>'],
  [-1, '0s'],
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [3 * 60 + 1, '3m1s'],
  [10 * 60, '10m'],
  [179 * 60 + 59, '179m'],
  [3 * 3_600, '3h'],
  [7 * 3_600 + 60, '7h1m'],
  [8 * 3_600 + 60, '8h'],
  [47 * 3_600, '47h'],
  [48 * 3_600, '2d'],
  [7 * 86_400 + 3_600, '7d1h'],
  [8 * 86_400 + 3_600, '8d'],
  [2 * 365 * 86_400 - 1, '729d'],
  [2 * 365 * 86_400, '2y'],
  [(3 * 365 + 5) * 86_400, '3y5d'],
  [9 * 365 * 86_400 + 86_400, '9y'],
])('%d seconds are %s', (seconds, text) => {
  expect(humanDuration(seconds * 1_000)).toBe(text);
});

describe('a schedule', () => {
  // A Monday.
  const until = '2026-03-02T14:07:33Z';
  const due = (schedule: string, after = '2026-03-01T00:00:00Z') => {
    const atMs = lastDue(schedule, Date.parse(after), Date.parse(until));
    return atMs === null ? null : new Date(atMs).toISOString().slice(0, 16);
  };

  it.each([
    ['* * * * *', '2026-03-02T14:07'],
    ['*/20 * * * *', '2026-03-02T14:00'],
    ['5,6 * * * *', '2026-03-02T14:06'],
    ['0 1-3 * * *', '2026-03-02T03:00'],
    ['30 2 * * 7', '2026-03-01T02:30'],
    ['30 2 * * 0', '2026-03-01T02:30'],
    ['0 0 1 * 1', '2026-03-02T00:00'],
    ['0 0 1 * *', null],
    ['0 0 5 * *', null],
  ])('%s was last due at %s', (schedule, at) => {
    expect(due(schedule)).toBe(at);
  });

  it.each(['', 'soon', '* * * *', '60 * * * *', '*/0 * * * *', '1-99 * * * *', '@daily'])(
    'that cannot be read is never due: %j',
    (schedule) => {
      expect(due(schedule)).toBeNull();
    },
  );

  it('is due once', () => {
    expect(due('7 14 * * *', '2026-03-02T14:06:59Z')).toBe('2026-03-02T14:07');
    expect(due('7 14 * * *', '2026-03-02T14:07:00Z')).toBeNull();
  });
});
