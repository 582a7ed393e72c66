import { DrillDialog } from '../drills/drill-dialog.tsx';
import { EndDrillDialog } from '../drills/end-drill-dialog.tsx';
import { CaseDialog } from '../incidents/case-dialog.tsx';
import { HandOverDialog } from '../incidents/hand-over-dialog.tsx';
import { NewIncidentDialog } from '../incidents/new-incident-dialog.tsx';
import type { FrameDialog } from '../state/view.ts';
import { CloseIncidentDialog } from './close-incident-dialog.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { Palette } from './palette.tsx';
import { goTo } from './router.ts';
import { WhySuggestedDialog } from './why-suggested-dialog.tsx';

/** The dialogs of the frame, but for those that stop, start again or unlock. */
export function Dialogs({ dialog }: { dialog: FrameDialog | null; onClose(): void }) {
  return (
    <>
      {dialog === 'palette' && <Palette />}
      {dialog === 'keys' && <KeysDialog />}
      {dialog === 'close' && <CloseIncidentDialog />}
      {dialog === 'drill' && <DrillDialog onStarted={(id) => goTo('room', id)} />}
      {dialog === 'endDrill' && <EndDrillDialog onEnded={(id) => goTo('debrief', id)} />}
      {dialog === 'case' && <CaseDialog />}
      {dialog === 'handOver' && <HandOverDialog />}
      {dialog === 'incident' && <NewIncidentDialog onOpened={(id) => goTo('room', id)} />}
      <WhySuggestedDialog />
    </>
  );
}
