import type { MetricsOverview } from '../../shared/vocabulary/chart.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { useHost } from '../state/host.ts';
import { useClock } from '../state/now.ts';
import { Button } from '../ui/button.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import { duration, timeOfDay } from '../ui/words.ts';

/** Metrics of an open incident are read every quarter of a minute. */
const STALE_MS = 60_000;

type NoticesProps = {
  incident: Incident;
  overview: MetricsOverview;
  problem: string | null;
  onAgain(): void;
};

/** What keeps the charts from being as new as they look; they stay as they were. */
export function Notices({ incident, overview: { readMs, silent }, problem, onAgain }: NoticesProps) {
  const isLive = useHost(({ link }) => link === 'live');
  const nowMs = useClock(incident.realm);
  const asOf = readMs === null ? 'never read' : `as of ${timeOfDay(readMs)}`;
  if (!isLive) return <Problem>Countersign cannot be reached: the charts are {asOf}.</Problem>;
  const isStale =
    incident.status !== 'closed' && readMs !== null && nowMs - readMs > STALE_MS && silent.length === 0;
  return (
    <>
      {problem && (
        <Problem>
          The charts are {asOf}: {problem}{' '}
          <Button small onClick={onAgain}>
            Try again
          </Button>
        </Problem>
      )}
      {silent.map(({ name, sentence, sinceMs }) => (
        <Problem key={name}>
          {inertLine(name)} has not answered since {timeOfDay(sinceMs)}: {inertLine(sentence)} What it gave
          before is still shown.
        </Problem>
      ))}
      {isStale && !problem && (
        <Problem>No new samples for {duration(nowMs - readMs)}; they usually come every 15 s.</Problem>
      )}
    </>
  );
}
