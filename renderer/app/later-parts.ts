import { type Later, laterDialog, laterPlace } from './later.tsx';
import type { PlaceName } from './router.ts';

/** Everything that the first paint does not show. The stop is not among it: it must be there when nothing else comes. */
export const IncidentsPage = laterPlace('The incidents', () =>
  import('../incidents/incidents-page.tsx').then((file) => file.IncidentsPage),
);
export const RoomPage = laterPlace('The room', () => import('./room-page.tsx').then((file) => file.RoomPage));
export const ReportPage = laterPlace('The report', () =>
  import('../reports/report-page.tsx').then((file) => file.ReportPage),
);
export const DebriefPage = laterPlace('The debrief', () =>
  import('../drills/debrief-page.tsx').then((file) => file.DebriefPage),
);
export const LedgerPage = laterPlace('The ledger', () =>
  import('../ledger/ledger-page.tsx').then((file) => file.LedgerPage),
);
export const SentPage = laterPlace('What left this machine', () =>
  import('../sent/sent-page.tsx').then((file) => file.SentPage),
);
export const EnvelopePage = laterPlace('The envelope', () =>
  import('../envelope/envelope-page.tsx').then((file) => file.EnvelopePage),
);
export const SettingsPage = laterPlace('The settings', () =>
  import('../settings/settings-page.tsx').then((file) => file.SettingsPage),
);

export const Dialogs = laterDialog(() => import('./dialogs.tsx').then((file) => file.Dialogs));

const places: Record<PlaceName, Pick<Later<never>, 'ahead'>> = {
  incidents: IncidentsPage,
  room: RoomPage,
  report: ReportPage,
  debrief: DebriefPage,
  ledger: LedgerPage,
  sent: SentPage,
  envelope: EnvelopePage,
  settings: SettingsPage,
};

/**
 * Loads everything before it is asked for: the place that is shown first and the room at once, whatever else while there is
 * nothing else to do. What does not come is tried again by whoever goes there.
 */
export async function loadAhead(shown: PlaceName): Promise<void> {
  await places[shown].ahead();
  await RoomPage.ahead();
  for (const { ahead } of [IncidentsPage, Dialogs, ...Object.values(places)]) {
    await idle();
    await ahead();
  }
}

/** A screen that is never idle has everything all the same, a little later. */
const LONGEST_WAIT_MS = 1_000;
const idle = () =>
  new Promise<void>((resolve) => requestIdleCallback(() => resolve(), { timeout: LONGEST_WAIT_MS }));
