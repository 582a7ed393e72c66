import { useEffect, useRef } from 'react';
import { useChartsView } from '../metrics/charts-view.ts';
import { setCurrentIncident, useCurrentIncident, useHost, useStatus } from '../state/host.ts';
import { readEverything } from '../state/read-everything.ts';
import { seekEvent, showTab, useView } from '../state/view.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { Empty, Failed, Loading } from '../ui/panel-states.tsx';
import { Banners } from './banners.tsx';
import {
  DebriefPage,
  Dialogs,
  EnvelopePage,
  IncidentsPage,
  LedgerPage,
  ReportPage,
  RoomPage,
  SentPage,
  SettingsPage,
} from './later-parts.ts';
import { LiveRegions } from './live-regions.tsx';
import { Navigation } from './navigation.tsx';
import { addressOf, goTo, type Place, type PlaceName, placeOf, usePlaceHash } from './router.ts';
import { SignInPage } from './sign-in-page.tsx';
import { SkipLink } from './skip-link.tsx';
import { LiftDialog, StopDialog } from './stop-dialogs.tsx';
import { TopBar } from './top-bar.tsx';
import { UnlockDialog } from './unlock-dialog.tsx';
import { useActivity } from './use-activity.ts';
import { useArrival } from './use-arrival.ts';
import { useTheme, useTitle } from './use-document.ts';
import { useKeyboard } from './use-keyboard.ts';
import { useTabInAddress } from './use-tab-in-address.ts';
import './frame.css';

export function Frame() {
  const place = placeOf(usePlaceHash());
  const main = useRef<HTMLElement>(null);
  const link = useHost((host) => host.link);
  useTheme();
  useTitle();
  useKeyboard();
  useActivity();
  useCurrentOf(place);
  useSoughtOf(place);
  useTabInAddress();
  useArrival(addressOf(place.place, incidentOf(place)), main);
  if (link === 'signed-out') return <SignInPage />;
  return (
    <div className="frame">
      <SkipLink main={main} />
      <ErrorBoundary what="The top bar">
        <TopBar />
      </ErrorBoundary>
      <ErrorBoundary what="What has to be known of everything below">
        <Banners />
      </ErrorBoundary>
      <div className="frame-body">
        <Navigation place={place.place} />
        <main
          key={place.place}
          id="place"
          className="frame-place"
          ref={main}
          tabIndex={-1}
          aria-label={NAMES[place.place]}
        >
          <ErrorBoundary what="This place">
            <PlaceContent place={place} />
          </ErrorBoundary>
        </main>
      </div>
      <ErrorBoundary what="The dialog">
        <FrameDialogs />
      </ErrorBoundary>
      <LiveRegions inRoom={place.place === 'room'} />
    </div>
  );
}

const incidentOf = (place: Place): string | null => ('incident' in place ? place.incident : null);

/** The incident of the address is the current one; without one it is the newest that is still open. */
function useCurrentOf(place: Place): void {
  const incidents = useHost((host) => host.incidents);
  const current = useHost((host) => host.currentIncident);
  const named = incidentOf(place);
  const fallback =
    current ?? (incidents?.find(({ status }) => status !== 'closed') ?? incidents?.[0])?.id ?? null;
  useEffect(() => setCurrentIncident(named ?? fallback), [named, fallback]);
}

/** An address may name an event or a chart of a room: a link that somebody passed on. */
function useSoughtOf(place: Place): void {
  const key = place.place === 'room' ? place.event : null;
  const signal = place.place === 'room' ? place.signal : undefined;
  useEffect(() => {
    if (key !== null) seekEvent(key);
  }, [key]);
  useEffect(() => {
    if (signal === undefined) return;
    showTab('metrics');
    useChartsView.setState({ large: signal });
  }, [signal]);
}

function PlaceContent({ place }: { place: Place }) {
  const status = useStatus();
  const problem = useHost((host) => host.problem);
  const current = useCurrentIncident();
  const known = useHost((host) => host.incidents !== null);
  if (!status) {
    if (problem) return <Failed title="Countersign could not be read" message={problem} onRetry={again} />;
    return <Loading what="Waiting for Countersign to answer" />;
  }
  switch (place.place) {
    case 'incidents':
      return (
        <IncidentsPage
          onOpen={(id) => goTo('room', id)}
          onConnect={() => goTo('settings')}
          debriefAddress={(id) => addressOf('debrief', id)}
        />
      );
    case 'room':
    case 'sent':
    case 'report': {
      if (!known && problem)
        return <Failed title="The incidents could not be read" message={problem} onRetry={again} />;
      if (!known) return <Loading what="Reading the incidents" />;
      if (!current) return <NoIncident what={NAMES[place.place]} />;
      if (place.place === 'sent')
        return <SentPage key={current.id} incident={current} room={addressOf('room', current.id)} />;
      return place.place === 'room' ? (
        <RoomPage key={current.id} incident={current} />
      ) : (
        <ReportPage key={current.id} incident={current} />
      );
    }
    case 'debrief':
      return <DebriefPage incident={place.incident} links={DEBRIEF_LINKS} />;
    case 'ledger':
      return <LedgerPage key={addressOf('ledger')} shown={place} />;
    case 'envelope':
      return <EnvelopePage />;
    case 'settings':
      return <SettingsPage />;
    default:
      return place satisfies never;
  }
}

/** What each place is called where it is read aloud, or has nothing to show. */
const NAMES: Record<PlaceName, string> = {
  incidents: 'The incidents',
  room: 'The room',
  report: 'The report',
  debrief: 'The debrief',
  ledger: 'The ledger',
  sent: 'What left this machine',
  envelope: 'The envelope',
  settings: 'The settings',
};

const again = () => void readEverything();

const DEBRIEF_LINKS = {
  room: (incident: string) => addressOf('room', incident),
  debrief: (incident: string) => addressOf('debrief', incident),
};

function NoIncident({ what }: { what: string }) {
  return (
    <Empty title={`${what} shows one incident, and there is none yet.`}>
      <p>Run a drill or open one under Incidents.</p>
    </Empty>
  );
}

/** The stop needs nothing but what is there already. */
function FrameDialogs() {
  const dialog = useView((view) => view.dialog);
  const isOther = dialog !== null && dialog !== 'stop' && dialog !== 'lift' && dialog !== 'challenge';
  const isExplaining = useView((view) => view.explaining !== null);
  return (
    <>
      {dialog === 'stop' && <StopDialog />}
      {dialog === 'lift' && <LiftDialog />}
      {(isOther || isExplaining) && <Dialogs dialog={dialog} onClose={closeAll} />}
      <UnlockDialog />
    </>
  );
}

function closeAll(): void {
  useView.setState({ dialog: null, explaining: null });
}
