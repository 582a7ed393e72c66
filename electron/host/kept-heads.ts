import { join } from 'node:path';
import type { KeptHeads } from '../ledger/verify/verify-data-dir.ts';
import { keyFile } from '../vault/keys.ts';
import { readVaultFile } from '../vault/vault-file.ts';

/** Where a data directory keeps what is not in its databases. */
export const vaultPath = (dataDir: string): string => join(dataDir, 'vault.json');
export const drillKeysPath = (dataDir: string): string => join(dataDir, 'drill-keys.json');

/**
 * The heads of its logs that a data directory keeps outside the databases; no passphrase is needed.
 * @throws Failure `storage` when a file that may hold one cannot be read.
 */
export const keptHeads = (dataDir: string): KeptHeads => ({
  real: readVaultFile(vaultPath(dataDir))?.head,
  drill: keyFile(drillKeysPath(dataDir)).head(),
});
