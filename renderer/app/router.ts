import { useSyncExternalStore } from 'react';
import { Realm } from '../../shared/vocabulary/ids.ts';
import { EVIDENCE_TABS, type EvidenceTab } from '../state/view.ts';

export type Place =
  | { place: 'incidents' }
  | {
      place: 'room';
      incident: string | null;
      event: string | null;
      signal?: string;
      /** The tab of the evidence that is open; without one it stays as it is. */
      tab?: EvidenceTab;
    }
  | { place: 'report'; incident: string | null }
  | { place: 'debrief'; incident: string }
  | { place: 'ledger'; realm: Realm | null; entry: number | null }
  | { place: 'sent'; incident: string | null }
  | { place: 'envelope' }
  | { place: 'settings' };
export type PlaceName = Place['place'];

/** The place an address names; an address that names none is the home. */
export function placeOf(hash: string): Place {
  const [path = '', query] = hash.replace(/^#\/?/, '').split('?');
  const [name, incident, part, rest] = path.split('/');
  const id = incident ? decoded(incident) : null;
  switch (name) {
    case 'room': {
      const wanted = new URLSearchParams(query).get('tab');
      const open = EVIDENCE_TABS.find((one) => one === wanted);
      const tab = open && { tab: open };
      const signal = part === 'signal' && rest ? decoded(rest) : null;
      if (signal !== null) return { place: name, incident: id, event: null, signal, ...tab };
      return { place: name, incident: id, event: part ? decoded(part) : null, ...tab };
    }
    case 'report':
    case 'sent':
      return { place: name, incident: id };
    case 'drills':
      return id !== null && part === 'debrief' ? { place: 'debrief', incident: id } : { place: 'incidents' };
    case 'ledger': {
      const realm = Realm.safeParse(id).data ?? null;
      const isEntry = realm !== null && part !== undefined && /^\d{1,15}$/.test(part);
      return { place: name, realm, entry: isEntry ? Number(part) : null };
    }
    case 'envelope':
    case 'settings':
      return { place: name };
    default:
      return { place: 'incidents' };
  }
}

/** Null for what is not an encoded text: an address is typed by people too. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export function addressOf(place: PlaceName, incident: string | null = null): string {
  const id = incident === null ? null : encodeURIComponent(incident);
  if (place === 'debrief') return id === null ? '#/incidents' : `#/drills/${id}/debrief`;
  return id !== null && (place === 'room' || place === 'report' || place === 'sent')
    ? `#/${place}/${id}`
    : `#/${place}`;
}

/** Where one entry of a ledger is shown. */
export const entryAddress = (realm: Realm, seq: number): string => `#/ledger/${realm}/${seq}`;

/** The address of a room with one tab of its evidence open. The first is open where none is named. */
export function withTab(hash: string, tab: EvidenceTab): string {
  const [path = ''] = hash.split('?');
  return tab === EVIDENCE_TABS[0] ? path : `${path}?tab=${tab}`;
}

export function goTo(place: PlaceName, incident: string | null = null): void {
  location.hash = addressOf(place, incident);
}

const subscribe = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

const currentHash = () => location.hash;

export const usePlaceHash = (): string => useSyncExternalStore(subscribe, currentHash);
