import { first } from './0001-first.ts';
import { ledgerSearch } from './0002-ledger-search.ts';
import type { Migration } from './migration.ts';

/** Every step of the schema, oldest first. */
export const migrations: readonly Migration[] = [first, ledgerSearch];
