import { FlaskConical, Info, OctagonX, WifiOff } from 'lucide-react';
import { useState } from 'react';
import type { DrillStatus, HostStatus } from '../../shared/vocabulary/status.ts';
import { call } from '../state/call.ts';
import { useCurrentIncident, useHost, useStatus } from '../state/host.ts';
import { openDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { Time } from '../ui/time.tsx';
import { tell } from './commands.ts';

/** What is true of everything below: a stop, a drill, a lost connection, things a person must know once. */
export function Banners() {
  const status = useStatus();
  const link = useHost((host) => host.link);
  const statusReceivedMs = useHost((host) => host.statusReceivedMs);
  const incident = useCurrentIncident();
  const inDrill = incident ? incident.realm === 'drill' : Boolean(status?.drill);
  return (
    <>
      {status?.stop.stopped && <StopBanner stop={status.stop} />}
      {link === 'lost' && (
        <div className="banner banner-lost" role="alert">
          <WifiOff size={15} aria-hidden />
          <p>
            The connection to Countersign is lost; it is tried again by itself. What you see is as of{' '}
            <Time atMs={statusReceivedMs} />.
          </p>
        </div>
      )}
      {inDrill && <DrillBanner drill={status?.drill ?? null} />}
      {status && <Notices notices={status.notices} />}
    </>
  );
}

function StopBanner({ stop }: { stop: Extract<HostStatus['stop'], { stopped: true }> }) {
  return (
    <div className="banner banner-stop" role="alert">
      <OctagonX size={18} aria-hidden />
      <p>
        <strong>Everything is stopped.</strong> <Inert text={stop.by} /> stopped it at{' '}
        <Time atMs={stop.atMs} />: <Inert text={stop.reason} />. Nothing is executed until the stop is lifted.
      </p>
      <Button onClick={() => openDialog('lift')}>Lift the stop</Button>
    </div>
  );
}

const SPEEDS = [1, 2, 5, 10, 20, 30, 60, 120];

function DrillBanner({ drill }: { drill: DrillStatus | null }) {
  return (
    <section className="banner banner-drill" aria-label="Drill">
      <FlaskConical size={15} aria-hidden />
      <strong className="drill-mark">DRILL</strong>
      <p>
        {drill ? (
          <>A simulated environment: nothing here touches production.</>
        ) : (
          'This drill is over. What it left on record can still be read.'
        )}
      </p>
      {drill && (
        <>
          <label className="drill-speed">
            Speed
            <select
              value={drill.speed}
              onChange={(event) => tell(call('drills.setSpeed', { speed: Number(event.target.value) }))}
            >
              {[...new Set([...SPEEDS, drill.speed])]
                .sort((a, b) => a - b)
                .map((speed) => (
                  <option key={speed} value={speed}>
                    {speed}×
                  </option>
                ))}
            </select>
          </label>
          <Button look="quiet" small onClick={() => tell(call('drills.end', {}))}>
            End the drill
          </Button>
        </>
      )}
    </section>
  );
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
