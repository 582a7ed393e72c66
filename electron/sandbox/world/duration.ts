/** A request's duration is log-normal around its mean: this is sigma. */
export const latencySpread = 0.55;

/** Share of requests longer than a limit, for a log-normal duration of this mean. */
export const tailAbove = (limitMs: number, meanMs: number): number =>
  1 - normalBelow((Math.log(limitMs / meanMs) + (latencySpread * latencySpread) / 2) / latencySpread);

/** Farther out than this lies less than a number next to 1 can show. */
const farthest = 8.5;

/** The normal distribution function (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
function normalBelow(z: number): number {
  if (Math.abs(z) > farthest) return z > 0 ? 1 : 0;
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = 0.3989422804014327 * Math.exp((-z * z) / 2) * series;
  return z > 0 ? 1 - tail : tail;
}
