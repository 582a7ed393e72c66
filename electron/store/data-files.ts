import type { Realm } from '../../shared/vocabulary/ids.ts';

/** The one data file of each realm in a data directory. Real incidents and drills never share a file. */
export const dataFiles: Readonly<Record<Realm, string>> = { real: 'countersign.db', drill: 'drills.db' };
