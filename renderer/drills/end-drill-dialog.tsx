import { call } from '../state/call.ts';
import { useStatus } from '../state/host.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { closeDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/panel-states.tsx';

/** Asks before the environment is taken down; what comes after is the debrief. */
export function EndDrillDialog({ onEnded }: { onEnded(incident: string): void }) {
  const incident = useStatus()?.drill?.incident;
  const { busy, problem, attempt } = useAttempt();
  const end = () =>
    attempt(async () => {
      await call('drills.end', {});
      closeDialog();
      if (incident) onEnded(incident);
    });
  return (
    <Dialog
      title="End the drill?"
      about="The simulated environment is taken down and open proposals become void; it cannot be resumed. The debrief then tells what really happened, and how it was worked."
      onClose={closeDialog}
    >
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void end();
        }}
      >
        {problem && <Problem>{problem}</Problem>}
        <div className="dialog-actions">
          <Button onClick={closeDialog}>Go on playing</Button>
          <Button type="submit" look="primary" disabled={busy} autoFocus>
            {busy && <span className="spinner" aria-hidden />}
            {busy ? 'Ending…' : 'End the drill'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
