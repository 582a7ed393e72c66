import type { ChosenModel, ModelView, ReplayedRun, ReplayReport } from '../../shared/vocabulary/model.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { counted } from '../ui/words.ts';

type Props = { view: ModelView; chosen: ChosenModel; onView(view: ModelView): void };

/** Tries a model on what was read in the last 30 days, before it works on anything new. */
export function ModelReplay({ view, chosen, onView }: Props) {
  const { busy, problem, attempt } = useAttempt();
  const { replay } = view;
  const running = replay.state === 'running';
  return (
    <div className="model-replay">
      <div className="settings-head">
        <h3>Replay</h3>
        {running ? (
          <Button
            disabled={busy}
            onClick={() => void attempt(async () => onView(await call('model.cancelReplay', {})))}
          >
            Cancel the replay
          </Button>
        ) : (
          <Button
            disabled={busy}
            onClick={() => void attempt(async () => onView(await call('model.replay', { chosen })))}
          >
            Replay 30 days with {inertLine(chosen.model)}
          </Button>
        )}
      </div>
      <div aria-live="polite">
        {replay.state === 'none' && (
          <p className="muted">
            Plays what the analyst read in the last 30 days again, with this model in front and nothing else
            asked, and shows where it parts from what was concluded.
          </p>
        )}
        {running && (
          <p>
            <span className="spinner" aria-hidden /> Replaying: {replay.done} of {counted(replay.of, 'run')}
          </p>
        )}
        {replay.state === 'failed' && <Problem>{replay.because}</Problem>}
        {replay.state === 'done' && <Report report={replay.report} />}
      </div>
      {problem && <Problem>{problem}</Problem>}
    </div>
  );
}

const HYPOTHESES: Record<ReplayedRun['hypotheses'], string> = {
  same: 'same',
  'same-first': 'same first cause',
  different: 'different',
};

function Report({
  report: { model, runs, diverged, notRecorded, cutShort, toMs },
}: {
  report: ReplayReport;
}) {
  if (runs.length === 0)
    return <p className="muted">No run is on record in that time: there is nothing to compare with.</p>;
  return (
    <>
      <p>
        {inertLine(model)}, <Time atMs={toMs} as="day" />: {counted(diverged, 'run')} of {runs.length} part
        from what was concluded then.{' '}
        {notRecorded > 0 &&
          `${counted(notRecorded, 'call')} could not be answered, for nobody made them then. `}
        {cutShort !== null && `Not all of it: ${cutShort}.`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
      <section className="model-runs" tabIndex={0} aria-label="Replayed runs">
        <table>
          <thead>
            <tr>
              <th scope="col">Began</th>
              <th scope="col">Hypotheses</th>
              <th scope="col">Proposals</th>
              <th scope="col">Verdicts</th>
              <th scope="col">Not recorded</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.run}>
                <td>
                  <Time atMs={run.atMs} as="day" />
                </td>
                <td>{HYPOTHESES[run.hypotheses]}</td>
                <td>
                  {run.proposals.both.length} same, {run.proposals.onlyBefore.length} gone,{' '}
                  {run.proposals.onlyAfter.length} new
                </td>
                <td>{run.verdicts.length === 0 ? 'same' : `${run.verdicts.length} differ`}</td>
                <td>{run.notRecorded}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
