import type { Realm } from '../../shared/vocabulary/ids.ts';

/** Addresses of other places, as the router knows them. */
export const entryLink = (realm: Realm, seq: number): string => `#/ledger/${realm}/${seq}`;
export const roomLink = (incident: string): string => `#/room/${encodeURIComponent(incident)}`;
