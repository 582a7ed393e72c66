import { expect, it } from 'vitest';
import { dataOf, isSamePicture, lookKey, plotWish, type Shown } from '../../../../renderer/ui/plot-wish.ts';

const shown: Shown = {
  height: 104,
  timesMs: [1_000, 2_000],
  values: [0.1, null],
  unit: 'ratio',
  range: { fromMs: 0, toMs: 3_000 },
  band: { low: 0.01, high: 0.02 },
  badges: [{ atMs: 1_500, tone: 'change', outline: () => null as never, count: 1, title: 'a deploy' }],
  isSmall: true,
};
const wishOf = (also: Partial<Shown> = {}) => plotWish({ ...shown, ...also }, true);

it('draws ratios in percent, with their band and their threshold, and a gap as a gap', () => {
  const wish = wishOf({ threshold: 0.5 });
  expect(wish.look.unit).toBe('%');
  expect(wish.drawn.band).toEqual({ low: 1, high: 2 });
  expect(dataOf(wish)).toEqual([
    [1, 2],
    [10, null],
    [50, 50],
  ]);
  expect(dataOf(wishOf({ unit: 's', ghost: [undefined, 2] }))).toEqual([
    [1, 2],
    [0.1, null],
    [undefined, 2],
  ]);
});

it('is the same picture as long as the samples are the same lists and nothing else differs', () => {
  expect(isSamePicture(wishOf(), wishOf())).toBe(true);
  expect(isSamePicture(wishOf(), wishOf({ range: { fromMs: 0, toMs: 3_000 } }))).toBe(true);
});

it.each<[string, Partial<Shown>]>([
  ['other samples', { values: [0.1, null] }],
  ['other times', { timesMs: [1_000, 2_000] }],
  ['another day beside them', { ghost: [0.1, 0.2] }],
  ['another stretch of time', { range: { fromMs: 0, toMs: 4_000 } }],
  ['another band', { band: null }],
  ['another mark', { marks: [{ atMs: 1, label: 'onset', tone: 'onset' }] }],
  ['other badges', { badges: [] }],
  ['a threshold', { threshold: 1 }],
  ['a shade', { shade: { fromMs: 0, toMs: 1 } }],
  ['a beginning', { began: { fromMs: 0, toMs: 1 } }],
])('is another picture with %s', (_what, also) => {
  expect(isSamePicture(wishOf(), wishOf(also))).toBe(false);
});

it('tells the looks apart that a plot cannot change', () => {
  const looks = [
    wishOf(),
    wishOf({ height: 90 }),
    wishOf({ unit: 's' }),
    wishOf({ off: true }),
    wishOf({ ghost: [1, 2] }),
    wishOf({ threshold: 1 }),
    wishOf({ isSmall: false }),
    plotWish({ ...shown, badges: undefined as never }, true),
    plotWish(shown, false),
  ].map(({ look }) => lookKey(look));
  expect(new Set(looks).size).toBe(looks.length);
  expect(lookKey(wishOf({ values: [1, 2], range: { fromMs: 1, toMs: 2 } }).look)).toBe(looks[0]);
});
