import type { CaseChange } from '../../shared/formats/case.ts';
import { shareOf } from './dose.ts';
import { type Grid, placeOf } from './grid.ts';
import { median } from './median.ts';
import { weights } from './weights.ts';

/** What came of taking a change back. `left`: the part of the trouble that stayed. */
export type Reversal =
  | { kind: 'before-the-trouble'; atMs: number }
  | { kind: 'tried'; atMs: number; left: number }
  /** It was taken back too lately to tell, or where nothing can be seen. */
  | { kind: 'open'; atMs: number };

/** Null for what was not taken back. `trouble` is how far the service is out of order at each place of the grid. */
export function reversalOf(
  change: CaseChange,
  changes: readonly CaseChange[],
  trouble: { residual: Float64Array; beganMs: number } | null,
  grid: Grid,
): Reversal | null {
  const madeMs = Date.parse(change.at);
  const later = changes
    .filter(
      (one) => one.service === change.service && one.kind === change.kind && Date.parse(one.at) > madeMs,
    )
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const back = later.find((one) => undoes(one, change, changes));
  if (!back) return null;
  const atMs = Date.parse(back.at);
  if (!trouble) return { kind: 'open', atMs };
  const { earlyMs, settledMs, leastSamples, leastDeviations } = weights.reversal;
  if (atMs < trouble.beganMs - earlyMs) return { kind: 'before-the-trouble', atMs };
  const place = Math.max(0, Math.floor(placeOf(grid, atMs)));
  const began = Math.max(0, Math.ceil(placeOf(grid, trouble.beganMs)));
  const before = trouble.residual.subarray(began, place + 1);
  const after = trouble.residual.subarray(Math.ceil(placeOf(grid, atMs + settledMs)));
  const most = median(before);
  if (before.length < leastSamples || after.length < leastSamples || most < leastDeviations)
    return { kind: 'open', atMs };
  return { kind: 'tried', atMs, left: Math.max(0, Math.min(1, median(after) / most)) };
}

/** How the odds of a change move by what came of taking it back. */
export function reversalLogOdds(reversal: Reversal): number {
  const { helped, inVain, before, goneBelow, stayedFrom } = weights.reversal;
  switch (reversal.kind) {
    case 'open':
      return 0;
    case 'before-the-trouble':
      return Math.log(before);
    case 'tried': {
      const stayed = Math.max(0, Math.min(1, (reversal.left - goneBelow) / (stayedFrom - goneBelow)));
      return (1 - stayed) * Math.log(helped) + stayed * Math.log(inVain);
    }
  }
}

/** Whether a change puts back what another one changed: a field, a flag's share, or the version before. */
function undoes(back: CaseChange, change: CaseChange, changes: readonly CaseChange[]): boolean {
  const isPutBack = (change.diff ?? []).some(({ path, before, after }) =>
    (back.diff ?? []).some((one) => one.path === path && one.after === before && one.after !== after),
  );
  if (isPutBack) return sameFlag(back, change);
  if (change.kind === 'flag')
    return change.labels?.['flag'] !== undefined && isClosedBy(back, change, changes);
  const earlier = versionBefore(change, changes);
  return change.kind === 'deploy' && earlier !== undefined && back.labels?.['version'] === earlier;
}

const sameFlag = (one: CaseChange, other: CaseChange): boolean =>
  one.labels?.['flag'] === other.labels?.['flag'];

function isClosedBy(back: CaseChange, change: CaseChange, changes: readonly CaseChange[]): boolean {
  const [now, was] = [shareOf(back), shareOf(change)];
  if (!sameFlag(back, change) || now === null || was === null || now >= was) return false;
  const stageBefore = latestBefore(change, changes, (one) => sameFlag(one, change) && shareOf(one) !== null);
  return now <= (stageBefore ? (shareOf(stageBefore) ?? 0) : 0);
}

function versionBefore(change: CaseChange, changes: readonly CaseChange[]): string | undefined {
  const version = change.labels?.['version'];
  if (version === undefined) return undefined;
  const isOther = ({ labels }: CaseChange) =>
    labels?.['version'] !== undefined && labels['version'] !== version;
  return latestBefore(change, changes, isOther)?.labels?.['version'];
}

function latestBefore(
  { at, kind, service }: CaseChange,
  changes: readonly CaseChange[],
  isWanted: (change: CaseChange) => boolean,
): CaseChange | undefined {
  const untilMs = Date.parse(at);
  return changes
    .filter((one) => one.kind === kind && one.service === service && Date.parse(one.at) < untilMs)
    .filter(isWanted)
    .reduce<CaseChange | undefined>(
      (latest, one) => (latest && Date.parse(latest.at) >= Date.parse(one.at) ? latest : one),
      undefined,
    );
}
