import { z } from 'zod';
import { EpochMs } from '../../shared/vocabulary/ids.ts';
import type { SettingRepository } from '../store/setting-repository.ts';

const NAME = 'alerts-read';
/** Connections that were not read for longer are forgotten. */
const KEPT_MS = 30 * 86_400_000;

/** When the alerts of each connection were last read, on record: what came after was seen by nobody. */
export function alertLooks(settings: SettingRepository) {
  const looks = new Map(Object.entries(settings.get(NAME, z.record(z.string(), EpochMs)) ?? {}));
  const before = new Map(looks);

  return {
    last: (connection: string): number | null => looks.get(connection) ?? null,
    /** The last one before Countersign was started. */
    before: (connection: string): number | null => before.get(connection) ?? null,
    keep(connection: string, atMs: number): void {
      looks.set(connection, atMs);
      for (const [id, lastMs] of looks) if (atMs - lastMs > KEPT_MS) looks.delete(id);
      settings.put(NAME, Object.fromEntries(looks));
    },
  };
}
