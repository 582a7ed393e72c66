import { CircleAlert, Info, OctagonX, ShieldX, WifiOff } from 'lucide-react';
import { useState } from 'react';
import type { DrillStatus, HostStatus, StopMeans } from '../../shared/vocabulary/status.ts';
import { DrillBar } from '../drills/drill-bar.tsx';
import { useCurrentIncident, useHost, useStatus } from '../state/host.ts';
import { usePastDrills } from '../state/past-drills.ts';
import { readEverything } from '../state/read-everything.ts';
import { useRoomProblem, useRoomState } from '../state/room.ts';
import { openDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { Time } from '../ui/time.tsx';
import { BreakerBanners } from './breaker-banners.tsx';
import { addressOf, placeOf, usePlaceHash } from './router.ts';

/** What is true of everything below: a stop, a drill, a lost connection, things a person must know once. */
export function Banners() {
  const status = useStatus();
  const link = useHost((host) => host.link);
  const incident = useCurrentIncident();
  const inDrill = incident ? incident.realm === 'drill' : Boolean(status?.drill);
  return (
    <>
      {status?.stop.stopped && <StopBanner stop={status.stop} />}
      {status && <BreakerBanners breakers={status.breakers} />}
      {link === 'lost' ? <Lost /> : <NotReadAgain />}
      {status?.envelope.kind === 'none' && <NoEnvelope because={status.envelope.because} />}
      {inDrill && <DrillMark drill={status?.drill ?? null} incident={incident?.id ?? null} />}
      {status && <Notices notices={status.notices} />}
    </>
  );
}

/** Nothing that was shown goes away: until there is a connection again it is as of its end. */
function Lost() {
  const lostMs = useHost((host) => host.lostMs);
  const wasThere = useHost((host) => host.status !== null);
  return (
    <div className="banner banner-lost" role="alert">
      <WifiOff size={15} aria-hidden />
      <p>
        The connection to Countersign is lost; it is tried again by itself.
        {wasThere && lostMs !== null && (
          <>
            {' '}
            What you see is as of <Time atMs={lostMs} />, and what you write is kept.
          </>
        )}
      </p>
    </div>
  );
}

/** The connection is back and yet what is shown could not be read again. */
function NotReadAgain() {
  const inRoom = placeOf(usePlaceHash()).place === 'room';
  const host = useHost(({ status, problem, readMs }) => (status && readMs > 0 ? problem : null));
  const hostMs = useHost(({ readMs }) => readMs);
  const room = useRoomProblem('room');
  const roomMs = useRoomState(({ state }) => (state.phase === 'ready' ? state.readMs : 0));
  const problem = host ?? (inRoom ? room : null);
  if (problem === null) return null;
  return (
    <div className="banner banner-lost" role="alert">
      <CircleAlert size={15} aria-hidden />
      <p>
        What you see is as of <Time atMs={host === null ? roomMs : hostMs} />; it could not be read again.{' '}
        {problem}
      </p>
      <Button small onClick={() => void readEverything()}>
        Try again
      </Button>
    </div>
  );
}

function StopBanner({ stop }: { stop: Extract<HostStatus['stop'], { stopped: true }> }) {
  return (
    <div className="banner banner-stop" role="alert">
      <OctagonX size={18} aria-hidden />
      <p>
        <strong>Everything is stopped.</strong> <Inert text={stop.by} /> stopped it at{' '}
        <Time atMs={stop.atMs} />
        {stop.how === undefined ? '' : ` ${HOW[stop.how]}`}: <Inert text={stop.reason} />. Nothing is executed
        until the stop is lifted.
      </p>
      <Button onClick={() => openDialog('lift')}>Lift the stop</Button>
    </div>
  );
}

const HOW: Record<StopMeans, string> = {
  screen: 'from the screen',
  tray: 'from the tray',
  menu: 'from the menu',
  file: 'in the data directory',
};

/** Drills have the default that came with Countersign, so this is about real incidents. */
function NoEnvelope({ because }: { because: string }) {
  return (
    <div className="banner banner-lost" role="status">
      <ShieldX size={15} aria-hidden />
      <p>
        <strong>No envelope is in force,</strong> so nothing is proposed in real incidents.{' '}
        <Inert text={because} />
      </p>
      <a className="button button-plain button-small" href={addressOf('envelope', null)}>
        Envelope
      </a>
    </div>
  );
}

/** Of the drill that is shown: another one may be played meanwhile, and its bar is shown all the same. */
function DrillMark({ drill, incident }: { drill: DrillStatus | null; incident: string | null }) {
  const past = usePastDrills().some((one) => one.incident === incident);
  const shownElsewhere = placeOf(usePlaceHash()).place === 'debrief';
  return <DrillBar drill={drill} debrief={past && !shownElsewhere ? addressOf('debrief', incident) : null} />;
}

function Notices({ notices }: { notices: string[] }) {
  const [read, setRead] = useState<readonly string[]>([]);
  return notices
    .filter((notice) => !read.includes(notice))
    .map((notice) => (
      <div key={notice} className="banner banner-notice" role="status">
        <Info size={15} aria-hidden />
        <p>
          <Inert text={notice} />
        </p>
        <Button look="quiet" small onClick={() => setRead([...read, notice])}>
          Dismiss
        </Button>
      </div>
    ));
}
