/** A candidate where it stood, with the score it had there and how much that has been moving by itself, in log-odds. */
export type Placed = { id: string; score: number; noise: number };

/** No score is steadier than this, in log-odds: 0.50 against 0.525, or 0.010 against 0.011. */
const LEAST_NOISE = 0.1;
/** What is less likely than this is equally unlikely. */
const UNLIKELY = 1e-4;

/** The log-odds of a score, on which a movement means as much below as above. */
export const levelOf = (score: number): number => Math.log((score + UNLIKELY) / (1 - score + UNLIKELY));

/** How much the newest movement counts in what is known of a score's noise. */
const NEWEST = 0.3;

/**
 * The order in which candidates are shown: as they stood before, but that none stands above one whose score is higher by
 * more than the noise of the two. New ones take their place by score. So nothing moves under a reader's eyes for want of
 * news, and what has news moves at once.
 */
export function steadyOrder<Scored extends { id: string; score: number }>(
  before: readonly Placed[],
  now: readonly Scored[],
): { order: Scored[]; placed: Placed[] } {
  const known = new Map(before.map((one) => [one.id, one]));
  const placeOf = new Map(before.map(({ id }, place) => [id, place]));
  const byScore = now.toSorted((one, other) => other.score - one.score);
  const noiseOf = ({ id, score }: Scored): number => {
    const last = known.get(id);
    if (!last) return LEAST_NOISE;
    return Math.max(
      LEAST_NOISE,
      last.noise + NEWEST * (Math.abs(levelOf(score) - levelOf(last.score)) - last.noise),
    );
  };
  // Judged by the noise known before: the movement that is being judged must not excuse itself.
  const tolerance = new Map(byScore.map(({ id }) => [id, known.get(id)?.noise ?? LEAST_NOISE]));
  const order: Scored[] = [];
  for (const one of byScore) order.splice(placeFor(one, order, placeOf, tolerance), 0, one);
  return { order, placed: order.map((one) => ({ id: one.id, score: one.score, noise: noiseOf(one) })) };
}

/**
 * Taken in the order of their scores, each goes as far up as it stood before those that are within the noise of it, past
 * none that is clearly better.
 */
function placeFor<Scored extends { id: string; score: number }>(
  one: Scored,
  order: readonly Scored[],
  placeOf: ReadonlyMap<string, number>,
  tolerance: ReadonlyMap<string, number>,
): number {
  const own = placeOf.get(one.id);
  if (own === undefined) return order.length;
  let place = order.length;
  for (; place > 0; place--) {
    const above = order[place - 1];
    const before = above && placeOf.get(above.id);
    if (!above || before === undefined || before < own) break;
    const noise = Math.max(tolerance.get(one.id) ?? LEAST_NOISE, tolerance.get(above.id) ?? LEAST_NOISE);
    if (levelOf(above.score) > levelOf(one.score) + noise) break;
  }
  return place;
}
