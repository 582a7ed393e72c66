import { useEffect, useRef, useState } from 'react';
import type { ScenarioSummary } from '../../shared/vocabulary/drill.ts';
import { call, messageOf } from '../state/call.ts';
import { keepIncident } from '../state/host.ts';
import { closeDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Inert } from '../ui/inert.tsx';
import { Failed, Loading, Problem } from '../ui/panel-states.tsx';

/** Offers the scenarios without their answer and starts one. */
export function DrillDialog({ onStarted }: { onStarted(id: string): void }) {
  const [scenarios, setScenarios] = useState<ScenarioSummary[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const read = () => {
    setProblem(null);
    call('drills.list', {})
      .then(setScenarios)
      .catch((error: unknown) => setProblem(messageOf(error)));
  };
  useEffect(read, []);

  return (
    <Dialog
      wide
      title="Run a drill"
      about="A simulated environment breaks and you work it like a real incident. It has its own data, its own ledger and no way to any real system."
      onClose={closeDialog}
    >
      {scenarios ? (
        <Choice scenarios={scenarios} onStarted={onStarted} />
      ) : problem ? (
        <Failed title="The scenarios could not be read" message={problem} onRetry={read} />
      ) : (
        <Loading what="Reading the scenarios" />
      )}
    </Dialog>
  );
}

function Choice({ scenarios, onStarted }: { scenarios: ScenarioSummary[]; onStarted(id: string): void }) {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const [chosen, setChosen] = useState(scenarios[0]?.name ?? '');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const start = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const incident = await call('drills.start', { scenario: chosen });
      keepIncident(incident);
      closeDialog();
      onStarted(incident.id);
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  if (scenarios.length === 0) return <p>There is no scenario in resources/scenarios.</p>;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void start();
      }}
    >
      <fieldset className="scenarios">
        <legend className="visually-hidden">Scenario</legend>
        {scenarios.map(({ name, title, story, difficulty }) => (
          <label key={name} className="scenario">
            <input
              type="radio"
              name="scenario"
              value={name}
              checked={name === chosen}
              ref={name === scenarios[0]?.name ? first : null}
              onChange={() => setChosen(name)}
            />
            <span className="scenario-title">
              <Inert text={title} />
            </span>
            <span className="muted">Difficulty {difficulty} of 5</span>
            <span className="scenario-story">
              <Inert text={story} />
            </span>
          </label>
        ))}
      </fieldset>
      {problem && <Problem>{problem}</Problem>}
      <div className="dialog-actions">
        <Button onClick={closeDialog}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy}>
          {busy && <span className="spinner" aria-hidden />}
          {busy ? 'Starting…' : 'Start the drill'}
        </Button>
      </div>
    </form>
  );
}
