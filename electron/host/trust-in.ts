import { lastAccepted } from '../guard/envelope/on-record.ts';
import { PUBLISHER_KEY } from '../guard/envelope/publisher-key.ts';
import type { Trust } from '../guard/envelope/trust.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { EntryFilter } from '../ledger/ledger-tables.ts';
import { toBase64 } from '../ledger/note.ts';

/** What of a log says whose signature on an envelope counts, whether the log is open or only read. */
export type TrustedLog = {
  entries(filter: EntryFilter): LedgerEntry[];
  approvers(): readonly { publicKey: Uint8Array }[];
};

export const trustIn = (log: TrustedLog): Omit<Trust, 'nowMs'> => ({
  last: lastAccepted(log),
  installation: log.approvers().map(({ publicKey }) => toBase64(publicKey)),
  publisher: PUBLISHER_KEY,
});
