import { FlaskConical, Pause, Play, Square } from 'lucide-react';
import { useId } from 'react';
import type { DrillStatus } from '../../shared/vocabulary/status.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { openDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import './drills.css';

const SPEEDS = [1, 2, 5, 20];

/** The permanent mark of a drill, with what is done to its time; nothing of a real incident ever looks like it. */
export function DrillBar({ drill, debrief }: { drill: DrillStatus | null; debrief: string | null }) {
  return (
    <section
      className={`banner banner-drill ${drill?.paused ? 'banner-drill-paused' : ''}`}
      aria-label="Drill"
    >
      <FlaskConical size={15} aria-hidden />
      <strong className="drill-mark">DRILL</strong>
      <p>
        {drill
          ? 'A simulated environment: nothing here touches production.'
          : 'This drill is over. What it left on record can still be read.'}
        {!drill && debrief !== null && (
          <>
            {' '}
            <a href={debrief}>Read the debrief</a>
          </>
        )}
      </p>
      {drill && <Controls drill={drill} />}
    </section>
  );
}

function Controls({ drill }: { drill: DrillStatus }) {
  const { busy, problem, attempt } = useAttempt();
  const label = useId();
  const change = (paused: boolean) =>
    void attempt(() => (paused ? call('drills.pause', {}) : call('drills.resume', {})));
  return (
    <>
      <span role="status" className="drill-paused">
        {problem ?? (drill.paused ? 'Paused: drill time stands still' : '')}
      </span>
      <Button
        small
        look={drill.paused ? 'primary' : 'plain'}
        disabled={busy}
        onClick={() => change(!drill.paused)}
      >
        {drill.paused ? <Play size={13} aria-hidden /> : <Pause size={13} aria-hidden />}
        {drill.paused ? 'Resume' : 'Pause'}
      </Button>
      <span id={label} className="drill-speed-label">
        Speed
      </span>
      <fieldset className="drill-speeds" aria-labelledby={label}>
        {[...new Set([...SPEEDS, drill.speed])]
          .sort((a, b) => a - b)
          .map((speed) => (
            <button
              key={speed}
              type="button"
              className="drill-speed"
              aria-pressed={speed === drill.speed}
              onClick={() => void attempt(() => call('drills.setSpeed', { speed }))}
            >
              {speed}×
            </button>
          ))}
      </fieldset>
      <Button small onClick={() => openDialog('endDrill')}>
        <Square size={12} aria-hidden />
        End drill
      </Button>
    </>
  );
}
