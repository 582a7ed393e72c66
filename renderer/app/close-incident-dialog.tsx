import { call } from '../state/call.ts';
import { useCurrentIncident } from '../state/host.ts';
import { closeDialog } from '../state/view.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';

export function CloseIncidentDialog() {
  const incident = useCurrentIncident();
  if (!incident) return null;
  return (
    <ReasonDialog
      title="Close the incident?"
      about="The evidence stops growing. The room, the ledger and the report stay readable."
      action="Close the incident"
      placeholder="What ended it"
      onSubmit={async (reason) => void (await call('incidents.close', { incident: incident.id, reason }))}
      onClose={closeDialog}
    />
  );
}
