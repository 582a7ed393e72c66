import { join } from 'node:path';
import type { Erasure } from '../ledger/personal/erase.ts';
import { Retention } from '../ledger/personal/retention.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import { readSettingsFile } from '../platform/settings-file.ts';
import type { RealmDesk } from './realm.ts';

const DAY_MS = 86_400_000;

/**
 * Reads `<data dir>/retention.yaml`, where there is one.
 * @throws Failure `bad_input` naming the file and the member that does not hold.
 */
export const readRetention = (dataDir: string): Retention | undefined =>
  readSettingsFile(join(dataDir, 'retention.yaml'), Retention, 'nothing is erased');

/** Erases what is due in each realm: now, and then every day. Ends with `close`. */
export function retentionDesk(ports: {
  retention: Retention | undefined;
  realms: readonly Pick<RealmDesk, 'realm' | 'upkeep'>[];
  clock: Clock;
  logger: Logger;
}): { close(): void } {
  const { retention, realms, clock, logger } = ports;
  if (!retention) return { close() {} };
  const run = async (): Promise<void> => {
    for (const { realm, upkeep } of realms) {
      const erased: Erasure[] = upkeep.eraseDue(retention);
      if (erased.length > 0) logger.info({ realm, erased }, 'erased what retention rules say is due');
    }
  };
  run().catch((error) => logger.error({ error: messageOf(error) }, 'what is due could not be erased'));
  return { close: clock.every(DAY_MS, run) };
}
