import type { Realm } from '../../shared/vocabulary/ids.ts';
import { type Adapters, buildParts } from './host-parts.ts';
import type { RealmDesk } from './realm.ts';

/** Does one thing to the log of a realm, in the name of whoever is logged in, without a screen. */
export async function keepLedger<T>(
  adapters: Omit<Adapters, 'shell'>,
  realm: Realm,
  keep: (desk: RealmDesk, person: string) => T,
): Promise<T> {
  const parts = await buildParts({ ...adapters, shell: 'cli' });
  try {
    return keep(parts.realm(realm), parts.settings.person());
  } finally {
    await parts.close();
  }
}
