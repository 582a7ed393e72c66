import { asMembers, evidence } from '../evidence.ts';
import { jumpOf } from '../jump.ts';
import { hurtTogether } from '../shared-trouble.ts';
import type { ArgumentOf } from './argument.ts';

/** The factor of the ranking that weighs how a change lies to the onset that the ranking dated. */
export const DELAY = 'delay';
/** How likely it is that trouble follows its cause within so long: what takes effect at once, and what is rolled out. */
const FOLLOWS: readonly { withinMs: number; atOnce: number; rolledOut: number }[] = [
  { withinMs: 90_000, atOnce: 0.85, rolledOut: 0.8 },
  { withinMs: 3 * 60_000, atOnce: 0.75, rolledOut: 0.8 },
  { withinMs: 10 * 60_000, atOnce: 0.4, rolledOut: 0.6 },
  { withinMs: 25 * 60_000, atOnce: 0.3, rolledOut: 0.5 },
  { withinMs: Number.POSITIVE_INFINITY, atOnce: 0.25, rolledOut: 0.42 },
];
const CAME_AFTER = 0.05;
/** The ranking's own dating stands unless the samples say something clearly else; and they never say it all. */
const CLEARLY = 2;
const MOST_TIMES = 40;
const LEAST_TIMES = 0.05;

/** Times a change by when the samples of its service jumped, where the ranking dated the trouble otherwise. */
export const timedByItsSamples: ArgumentOf = (change, all) => {
  const { metrics } = all;
  const delay = change.factors.find(({ name }) => name === DELAY);
  const read = metrics.get(change.service);
  const jump = read ? jumpOf(read) : null;
  if (!delay || !read || !jump?.isSharp || hurtTogether(change, all).length > 0) return null;
  const leadMs = jump.atMs - Date.parse(change.at);
  const takes = change.kind === 'deploy' || change.kind === 'infrastructure' ? 'rolledOut' : 'atOnce';
  const chance =
    leadMs < 0 ? CAME_AFTER : (FOLLOWS.find(({ withinMs }) => leadMs <= withinMs)?.[takes] ?? CAME_AFTER);
  const times = timesOfDelay(chance, delay.value);
  if (times < CLEARLY && times > 1 / CLEARLY) return null;
  const { name } = jump.series;
  const [cited] = evidence(
    `${name} of ${change.service} jumped at ${jump.point[0].slice(11, 19)}, ${inWords(leadMs)}`,
    read,
    [JSON.stringify(jump.point), asMembers({ name })],
    [change.id],
  );
  return cited ? { times, evidence: cited } : null;
};

/** What a change gains or loses when its delay makes it this likely, and not as likely as the ranking took it for. */
export const timesOfDelay = (chance: number, ranked: number): number =>
  Math.max(LEAST_TIMES, Math.min(MOST_TIMES, oddsOf(chance) / oddsOf(bounded(ranked))));

const bounded = (chance: number) => Math.min(1 - CAME_AFTER, Math.max(CAME_AFTER / 2, chance));
const oddsOf = (chance: number) => chance / (1 - chance);

function inWords(leadMs: number): string {
  const seconds = Math.round(Math.abs(leadMs) / 1_000);
  const long = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return leadMs < 0 ? `${long} before this came` : `${long} after this came`;
}
