import { first } from './0001-first.ts';
import { ledgerSearch } from './0002-ledger-search.ts';
import { ledgerLeaves } from './0003-ledger-leaves.ts';
import { ledgerPersonal } from './0004-ledger-personal.ts';
import { debriefs } from './0005-debriefs.ts';
import { pinsAndReports } from './0006-pins-and-reports.ts';
import { memory } from './0007-memory.ts';
import { sentRequests } from './0008-sent-requests.ts';
import { recordedRuns } from './0009-recorded-runs.ts';
import { payloads } from './0010-payloads.ts';
import type { Migration } from './migration.ts';

/** Every step of the schema, oldest first. */
export const migrations: readonly Migration[] = [
  first,
  ledgerSearch,
  ledgerLeaves,
  ledgerPersonal,
  debriefs,
  pinsAndReports,
  memory,
  sentRequests,
  recordedRuns,
  payloads,
];
