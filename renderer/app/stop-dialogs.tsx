import { call, messageOf } from '../state/call.ts';
import { closeDialog } from '../state/view.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';

export function StopDialog() {
  return (
    <ReasonDialog
      title="Stop everything?"
      about="The analyst ends, open approvals become void and nothing more is executed, until a named person lifts the stop. What is already running in a cluster is not undone."
      keptAs="stop"
      action="Stop now"
      look="stop"
      initial="Stopped from the screen"
      onSubmit={(reason) => call('stop.engage', { reason }).then(nothing, failed)}
      onClose={closeDialog}
    />
  );
}

export function LiftDialog() {
  return (
    <ReasonDialog
      title="Lift the stop?"
      about="The analyst may read and suggest again, and new proposals can be approved. Approvals that the stop voided stay void."
      keptAs="lift"
      action="Lift it"
      placeholder="Why it is safe to go on"
      onSubmit={(reason) => call('stop.lift', { reason }).then(nothing, failed)}
      onClose={closeDialog}
    />
  );
}

const nothing = () => undefined;
const failed = (error: unknown): never => {
  throw new Error(messageOf(error));
};
