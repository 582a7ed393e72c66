import { useEffect } from 'react';
import { showTab, useView } from '../state/view.ts';
import { placeOf, withTab } from './router.ts';

/**
 * The address of a room names the tab that is open, so that a reload and a link that was passed on come back to it. It is
 * replaced, not added: Back leaves the room, however many tabs were looked at.
 */
export function useTabInAddress(): void {
  useEffect(() => {
    followAddress();
    addEventListener('hashchange', followAddress);
    const stop = useView.subscribe(nameTab);
    return () => {
      removeEventListener('hashchange', followAddress);
      stop();
    };
  }, []);
}

/** Only where somebody went to an address: what `nameTab` writes is no wish for a tab, the choice that it follows was. */
function followAddress(): void {
  const place = placeOf(location.hash);
  if (place.place !== 'room') return;
  const { tab } = place;
  if (tab !== undefined && tab !== useView.getState().evidenceTab) showTab(tab);
  nameTab();
}

function nameTab(): void {
  if (placeOf(location.hash).place !== 'room') return;
  const address = withTab(location.hash, useView.getState().evidenceTab);
  // `replaceState` tells nobody of it, so nothing is drawn again for it.
  if (address !== location.hash) history.replaceState(history.state, '', address);
}
