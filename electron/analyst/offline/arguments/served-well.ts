import { asMembers, evidence } from '../evidence.ts';
import { jumpOf } from '../jump.ts';
import { revisionOf } from '../revision-of.ts';
import type { ArgumentOf } from './argument.ts';

/** What breaks with a release mostly breaks within minutes of its first request. */
const LONG_ENOUGH_MS = 4 * 60_000;
const TIMES = 0.35;

/** A release that served for minutes as well as the one before, until something sudden, is the less likely cause of it. */
export const servedWell: ArgumentOf = (change, { metrics, rollouts }) => {
  const read = metrics.get(change.service);
  const jump = read ? jumpOf(read) : null;
  const diff = revisionOf(change, rollouts.get(change.service))?.diff;
  const version = diff?.find(({ path }) => path === 'labels.version')?.after;
  if (!read || !jump?.isSharp || !version) return null;
  const own = read.series.find((one) => one.version === version && one.name === jump.series.name);
  const [first] = own?.points.filter(([, value]) => value !== null) ?? [];
  if (!own || !first || jump.atMs - Date.parse(first[0]) < LONG_ENOUGH_MS) return null;
  const minutes = Math.round((jump.atMs - Date.parse(first[0])) / 60_000);
  const [cited] = evidence(
    `${version} answered for ${minutes} min or more as well as the version before, until ${jump.point[0].slice(11, 19)}`,
    read,
    [JSON.stringify(first), asMembers({ version })],
    [change.id],
  );
  return cited ? { times: TIMES, evidence: cited } : null;
};
