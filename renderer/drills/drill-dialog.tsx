import { call } from '../state/call.ts';
import { useRead } from '../state/use-read.ts';
import { closeDialog } from '../state/view.ts';
import { Dialog } from '../ui/dialog.tsx';
import { WhenRead } from '../ui/panel-states.tsx';
import { ScenarioChoice } from './scenario-choice.tsx';

/** Offers the scenarios without their answer and starts one. */
export function DrillDialog({ onStarted }: { onStarted(id: string): void }) {
  const scenarios = useRead('scenarios', () => call('drills.list', {}));

  return (
    <Dialog
      wide
      title="Run a drill"
      about="A simulated environment breaks and you work it like a real incident. It has its own data, its own ledger and no way to any real system."
      onClose={closeDialog}
    >
      <WhenRead of={scenarios} loading="Reading the scenarios" failed="The scenarios could not be read">
        {(all) => <ScenarioChoice scenarios={all} onStarted={onStarted} />}
      </WhenRead>
    </Dialog>
  );
}
