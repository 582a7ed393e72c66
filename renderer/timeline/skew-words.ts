import { duration } from '../ui/words.ts';

/** `clock 40 s ahead` of this machine's, or behind it. */
export const skewWords = (skewMs: number): string =>
  `clock ${duration(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead' : 'behind'}`;
