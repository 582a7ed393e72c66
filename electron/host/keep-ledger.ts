import type { Realm } from '../../shared/vocabulary/ids.ts';
import { type Adapters, buildParts, type HostParts } from './host-parts.ts';

/** Does one thing to the log of a realm, in the name of whoever is logged in, without a screen. */
export async function keepLedger<T>(
  adapters: Omit<Adapters, 'shell'>,
  realm: Realm,
  keep: (upkeep: HostParts['real']['upkeep'], person: string) => T,
): Promise<T> {
  const parts = await buildParts({ ...adapters, shell: 'cli' });
  try {
    return keep(parts.realm(realm).upkeep, parts.settings.person());
  } finally {
    await parts.close();
  }
}
