import { useEffect, useState } from 'react';
import type { ScenarioSummary } from '../../shared/vocabulary/drill.ts';
import { call, messageOf } from '../state/call.ts';
import { closeDialog } from '../state/view.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Failed, Loading } from '../ui/panel-states.tsx';
import { ScenarioChoice } from './scenario-choice.tsx';

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
        <ScenarioChoice scenarios={scenarios} onStarted={onStarted} />
      ) : problem ? (
        <Failed title="The scenarios could not be read" message={problem} onRetry={read} />
      ) : (
        <Loading what="Reading the scenarios" />
      )}
    </Dialog>
  );
}
