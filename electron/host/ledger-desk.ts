import { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { LedgerEntryView, LedgerVerification, WhyLine } from '../../shared/vocabulary/ledger.ts';
import type { LedgerStatus } from '../../shared/vocabulary/status.ts';
import { EntryKind, type LedgerEntry } from '../ledger/entry.ts';
import { gistOf, type WhyStep, why } from '../ledger/search/why.ts';
import type { Verification } from '../ledger/verify/verification.ts';
import { verifyDataFile } from '../ledger/verify/verify-data-dir.ts';
import type { RealmDesk } from './realm.ts';
import type { Verified } from './verification-desk.ts';
import { conflictIn, type WitnessState } from './witness-desk.ts';

type Filter = {
  incident?: string | undefined;
  kind?: string | undefined;
  text?: string | undefined;
  before?: number | undefined;
  limit: number;
};

/** Entries as the screen reads them, newest first. */
export function entryViews(
  { ledger, queries }: RealmDesk,
  { incident, kind: asked, text, before, limit }: Filter,
): LedgerEntryView[] {
  const kind = asked === undefined ? undefined : EntryKind.parse(asked);
  const found =
    text === undefined
      ? ledger.entries({ newestFirst: true, before, limit, incident, kind })
      : queries.query({ newestFirst: true, after: before, limit, incident, kinds: kind && [kind], text })
          .entries;
  return found.map(viewOf);
}

/** What led to an entry, as a list that a screen can read out. */
export function whyOf({ queries }: RealmDesk, seq: number): WhyLine[] {
  const lines = (step: WhyStep, depth: number): WhyLine[] => [
    {
      seq: step.seq,
      depth,
      atMs: Date.parse(step.at),
      says: step.says,
      shortened: step.shortened ?? null,
    },
    ...step.because.flatMap((cause) => lines(cause, depth + 1)),
  ];
  return lines(why(queries, seq), 0);
}

const viewOf = (entry: LedgerEntry): LedgerEntryView => {
  const { seq, kind, at, actor, incident, causes, body } = entry;
  return {
    seq,
    kind,
    atMs: Date.parse(at),
    actor,
    incident: incident === undefined ? null : IncidentId.parse(incident),
    causes: causes ?? [],
    body,
    says: gistOf(entry),
  };
};

/** Recomputes everything from the stored bytes, through a connection of its own; what witnesses last said counts too. */
export function verifyRealm(realm: RealmDesk, witnesses: readonly WitnessState[] = []): LedgerVerification {
  const head = realm.headKept();
  const { ok, size, rootHex, problems } = verifyDataFile(realm.dataFile, head);
  const conflict = conflictIn(witnesses);
  const says = [...problems.map((problem) => problem.says), ...(conflict === undefined ? [] : [conflict])];
  return { ok: ok && conflict === undefined, size, rootHex, problems: says };
}

/** The ledger as the top bar shows it; `found` is what was verified last, at start or since. */
export function ledgerStatus(
  { realm, ledger }: Pick<RealmDesk, 'realm' | 'ledger'>,
  { found, progress }: Verified,
  witnesses: readonly WitnessState[] = [],
): LedgerStatus {
  const { origin, size, rootHex, checkpoint, because, brokenBy } = ledger.head();
  const about = { realm, size, rootHex, origin, checkpoint };
  const problem = brokenBy ?? whatIsWrong(origin, found) ?? conflictIn(witnesses);
  if (problem) return { ...about, state: 'broken', sentence: problem };
  if (size === 0) return { ...about, state: 'empty', sentence: 'Nothing is on record yet' };
  if (checkpoint === null)
    return { ...about, state: 'unsigned', sentence: `Not signed yet: ${because ?? 'no key'}` };
  const checked = found.origin === origin ? `${checkedSoFar(progress)}, ` : '';
  return { ...about, state: 'holds', sentence: `${size} entries, ${checked}signed${keptBy(witnesses)}` };
}

/** Only where there are any. One that is behind is named with what keeps it from catching up. */
function keptBy(witnesses: readonly WitnessState[]): string {
  const behind = witnesses.find(({ state }) => state === 'behind' || state === 'other-log');
  if (behind) return `; witness “${behind.witness}” is behind: ${behind.sentence}`;
  const current = witnesses.filter(({ state }) => state === 'current').length;
  return current === 0 ? '' : `, shown to ${current} ${current === 1 ? 'witness' : 'witnesses'}`;
}

function checkedSoFar(progress: Verified['progress']): string {
  if (!progress) return 'verified at start';
  return `verifying all of them (${Math.floor((100 * progress.done) / Math.max(1, progress.total))} %)`;
}

/** What was found tells nothing of a log that was begun since. */
function whatIsWrong(origin: string, { origin: verifiedOrigin, problems }: Verification): string | undefined {
  if (verifiedOrigin !== null && verifiedOrigin !== origin) return undefined;
  return problems.find(({ how }) => how !== 'unsigned')?.says;
}
