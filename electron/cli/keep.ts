import type { Realm } from '../../shared/vocabulary/ids.ts';
import { keepLedger } from '../host/keep-ledger.ts';
import { closer } from '../platform/closer.ts';
import { resourcesDir, version } from '../platform/paths.ts';
import { takeDataDir, takePassphrase } from '../platform/take-data-dir.ts';

/** Does something to the log of a realm in a data directory that nobody else works on meanwhile. */
export async function keep(
  dir: string,
  realm: Realm,
  work: Parameters<typeof keepLedger<void>>[2],
): Promise<void> {
  const ending = closer();
  try {
    const log = await takeDataDir(dir, ending);
    const passphrase = takePassphrase();
    if (passphrase !== undefined) log.redact(passphrase);
    const adapters = {
      dataDir: dir,
      resourcesDir: resourcesDir(),
      version: version(),
      logger: log.logger,
      onSecret: log.redact,
      passphrase,
    };
    await keepLedger(adapters, realm, work);
  } finally {
    await ending.closeAll();
  }
}
