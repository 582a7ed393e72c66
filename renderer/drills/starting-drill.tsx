import { DRILL_STEPS, type DrillStep } from '../../shared/vocabulary/status.ts';
import { useStatus } from '../state/host.ts';

const WORDS: Record<DrillStep, string> = {
  world: 'Building the simulated shop and what happened there before',
  cluster: 'Connecting its cluster',
  'other-systems': 'Connecting its logs, flags and pipelines',
  alert: 'Waiting for its first alert',
};

/** What a drill that was asked for waits for: some seconds, more on a slow machine. */
export function StartingDrill({ isStarting }: { isStarting: boolean }) {
  const step = useStatus()?.drillStarting ?? 'world';
  const number = DRILL_STEPS.indexOf(step) + 1;
  const words = `Step ${number} of ${DRILL_STEPS.length}: ${WORDS[step]}`;
  return (
    <div className="drill-starting">
      {isStarting && <progress aria-label="Starting the drill" max={DRILL_STEPS.length + 1} value={number} />}
      {/* There before it says anything: what appears together with its words is not read aloud. */}
      <p aria-live="polite" className="field-hint">
        {isStarting ? words : ''}
      </p>
    </div>
  );
}
