import { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { LedgerEntryView, LedgerVerification } from '../../shared/vocabulary/ledger.ts';
import type { LedgerStatus } from '../../shared/vocabulary/status.ts';
import { EntryKind, type LedgerEntry } from '../ledger/entry.ts';
import type { Verification } from '../ledger/verify.ts';
import { verifyDataFile } from '../ledger/verify-data-dir.ts';
import type { RealmDesk } from './realm.ts';

type Filter = {
  incident?: string | undefined;
  kind?: string | undefined;
  before?: number | undefined;
  limit: number;
};

/** Entries as the screen reads them, newest first. */
export function entryViews(
  { ledger }: RealmDesk,
  { incident, kind, before, limit }: Filter,
): LedgerEntryView[] {
  return ledger
    .entries({
      newestFirst: true,
      before,
      limit,
      incident,
      kind: kind === undefined ? undefined : EntryKind.parse(kind),
    })
    .map(viewOf);
}

const viewOf = ({ seq, kind, at, actor, incident, causes, body }: LedgerEntry): LedgerEntryView => ({
  seq,
  kind,
  atMs: Date.parse(at),
  actor,
  incident: incident === undefined ? null : IncidentId.parse(incident),
  causes: causes ?? [],
  body,
});

/** Recomputes everything from the stored bytes, through a connection of its own. */
export function verifyRealm(realm: RealmDesk): LedgerVerification {
  const head = realm.headKept();
  const { ok, size, rootHex, problems } = verifyDataFile(realm.dataFile, head);
  return { ok, size, rootHex, problems: problems.map(({ says }) => says) };
}

/** The ledger as the top bar shows it; `verified` is the check made at start. */
export function ledgerStatus({ realm, ledger }: RealmDesk, verified: Verification): LedgerStatus {
  const { origin, size, rootHex, checkpoint, because, brokenBy } = ledger.head();
  const about = { realm, size, rootHex, origin, checkpoint };
  const problem = brokenBy ?? foundAtStart(origin, verified);
  if (problem) return { ...about, state: 'broken', sentence: problem };
  if (size === 0) return { ...about, state: 'empty', sentence: 'Nothing is on record yet' };
  if (checkpoint === null)
    return { ...about, state: 'unsigned', sentence: `Not signed yet: ${because ?? 'no key'}` };
  const checked = verified.origin === origin ? 'verified at start, ' : '';
  return { ...about, state: 'holds', sentence: `${size} entries, ${checked}signed` };
}

/** What was found at start tells nothing of a log that was begun since. */
function foundAtStart(
  origin: string,
  { origin: verifiedOrigin, problems }: Verification,
): string | undefined {
  if (verifiedOrigin !== null && verifiedOrigin !== origin) return undefined;
  return problems.find(({ how }) => how !== 'unsigned')?.says;
}
