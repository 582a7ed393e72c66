import { describe, expect, it } from 'vitest';
import { chartKey } from '../../../../renderer/metrics/chart-keys.ts';

const at = {
  shift: false,
  pointedMs: 500_000,
  span: null,
  extent: { fromMs: 0, toMs: 1_000_000 },
  stepMs: 15_000,
  marksMs: [200_000, 700_000],
};

describe('a key in a chart', () => {
  it.each([
    ['ArrowRight', { do: 'point', atMs: 515_000 }],
    ['ArrowLeft', { do: 'point', atMs: 485_000 }],
    ['Home', { do: 'point', atMs: 0 }],
    ['End', { do: 'point', atMs: 1_000_000 }],
    ['PageUp', { do: 'point', atMs: 200_000 }],
    ['PageDown', { do: 'point', atMs: 700_000 }],
    ['ArrowDown', { do: 'move', by: 1 }],
    ['Enter', { do: 'enlarge' }],
    ['0', { do: 'show', span: null }],
    ['-', { do: 'show', span: null }],
    ['+', { do: 'show', span: { fromMs: 200_000, toMs: 800_000 } }],
    ['Escape', { do: 'leave' }],
    ['j', null],
  ])('%s does %j', (key, done) => {
    expect(chartKey({ ...at, key })).toEqual(done);
  });

  it('stays within what is shown, and comes in from the end', () => {
    const span = { fromMs: 100_000, toMs: 300_000 };
    expect(chartKey({ ...at, span, key: 'ArrowRight', shift: true, pointedMs: 290_000 })).toEqual({
      do: 'point',
      atMs: 300_000,
    });
    expect(chartKey({ ...at, span, key: 'ArrowLeft', pointedMs: null })).toEqual({
      do: 'point',
      atMs: 285_000,
    });
    expect(chartKey({ ...at, key: 'Escape', pointedMs: null })).toBeNull();
  });
});
