import { weights } from './weights.ts';

/**
 * How likely a delay of `leadMs` between a change and its effect is, relative to one spread evenly over `flatMs`:
 * heavy-tailed, since most effects follow at once and some only with the evening's load. The onset is known to within
 * `uncertaintyMs` either way, so the density is averaged over that; a change that came after all of it is exculpated.
 */
export function lagDensity(leadMs: number, uncertaintyMs: number): number {
  const { quick, slow, flatMs, afterwards } = weights.lag;
  const from = Math.max(0, leadMs - uncertaintyMs);
  const to = Math.max(0, leadMs + uncertaintyMs);
  const within = ({ share, meanMs }: { share: number; meanMs: number }) =>
    share * (Math.exp(-from / meanMs) - Math.exp(-to / meanMs));
  const flat = ((1 - quick.share - slow.share) * (to - from)) / flatMs;
  const density = ((within(quick) + within(slow) + flat) * flatMs) / (2 * uncertaintyMs);
  return Math.max(afterwards, density);
}
