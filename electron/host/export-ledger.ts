import { type Exported, exportBundle } from '../ledger/export-bundle.ts';
import { databaseReader } from '../ledger/log-reader.ts';
import { type Which, withStoredLog } from './stored-log.ts';

/** Writes a bundle of a stored log, also while the application runs. @throws Failure as `exportBundle` does. */
export const exportStored = (dataDir: string, outDir: string, which: Which): Exported =>
  withStoredLog(dataDir, which, (db) =>
    exportBundle(
      databaseReader(db),
      outDir,
      which.incident === undefined ? {} : { incident: which.incident },
    ),
  );
