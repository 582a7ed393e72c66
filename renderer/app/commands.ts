import { announce } from '../state/announcements.ts';
import { call, messageOf } from '../state/call.ts';
import { useHost } from '../state/host.ts';
import { emitIntent, type Intent } from '../state/intents.ts';
import { type EvidenceTab, openDialog, showColumn, showTab } from '../state/view.ts';
import { MODIFIER_KEY } from '../ui/modifier-key.ts';
import type { KeyAction } from './keyboard.ts';
import { addressOf, goTo, type PlaceName, placeOf } from './router.ts';

/** Goes to a place, keeping the incident that is being worked. */
export function goToPlace(place: PlaceName): void {
  goTo(place, useHost.getState().currentIncident);
}

/** Carries out what a key asked for. */
export function act(action: KeyAction): void {
  switch (action.kind) {
    case 'place':
      goToPlace(action.place);
      break;
    case 'tab':
      inRoom();
      showTab(action.tab);
      break;
    case 'dialog':
      openDialog(action.dialog);
      break;
    case 'intent':
      actInRoom(action.intent);
      break;
    default:
      action satisfies never;
  }
}

/** An intent of the room, opened first when another place is shown. */
export function actInRoom(intent: Intent): void {
  inRoom();
  if (intent.startsWith('timeline.')) showColumn('timeline');
  if (intent.startsWith('candidates.')) showTab('correlation');
  if (intent.startsWith('proposal.') || intent.startsWith('hypotheses.')) showColumn('command');
  // What was just asked to be shown is mounted by the next frame.
  requestAnimationFrame(() => emitIntent(intent));
}

function inRoom(): void {
  if (placeOf(location.hash).place !== 'room') goToPlace('room');
}

/** Runs a call whose only answer is that it was done; a failure is told. */
export function tell(what: Promise<unknown>): void {
  what.catch((error: unknown) => announce(messageOf(error), 'assertive'));
}

export type PaletteCommand = { id: string; group: string; label: string; keys?: string; run(): void };

/** Every command, as the palette lists them now. */
export function paletteCommands(): PaletteCommand[] {
  const { status, incidents, currentIncident } = useHost.getState();
  const incident = incidents?.find(({ id }) => id === currentIncident);
  const stopped = status?.stop.stopped === true;
  const place = (name: PlaceName, label: string, keys?: string): PaletteCommand => ({
    id: `go.${name}`,
    group: 'Go to',
    label,
    ...(keys ? { keys } : {}),
    run: () => goToPlace(name),
  });
  const room = (intent: Intent, label: string, keys?: string): PaletteCommand => ({
    id: intent,
    group: 'In the room',
    label,
    ...(keys ? { keys } : {}),
    run: () => actInRoom(intent),
  });
  const tab = (name: EvidenceTab, label: string, keys: string): PaletteCommand => ({
    id: `tab.${name}`,
    group: 'Go to',
    label,
    keys,
    run: () => act({ kind: 'tab', tab: name }),
  });
  const theme = (name: 'system' | 'dark' | 'light', label: string): PaletteCommand => ({
    id: `theme.${name}`,
    group: 'Appearance',
    label,
    run: () => tell(call('settings.setTheme', { theme: name })),
  });

  return [
    {
      id: 'drill.run',
      group: 'Start',
      label: 'Run a drill…',
      run: () => openDialog('drill'),
    },
    { id: 'incident.new', group: 'Start', label: 'New incident…', run: () => openDialog('incident') },
    { id: 'case.open', group: 'Start', label: 'Open a case file…', run: () => openDialog('case') },
    ...(status?.drill
      ? [
          {
            id: 'drill.end',
            group: 'Start',
            label: 'End the drill…',
            run: () => openDialog('endDrill'),
          },
          status.drill.paused
            ? {
                id: 'drill.resume',
                group: 'Start',
                label: 'Resume the drill',
                run: () => tell(call('drills.resume', {})),
              }
            : {
                id: 'drill.pause',
                group: 'Start',
                label: 'Pause the drill',
                run: () => tell(call('drills.pause', {})),
              },
        ]
      : []),
    stopped
      ? { id: 'stop.lift', group: 'Stop', label: 'Lift the stop…', run: () => openDialog('lift') }
      : {
          id: 'stop.engage',
          group: 'Stop',
          label: 'Stop everything…',
          keys: `${MODIFIER_KEY} Shift .`,
          run: () => openDialog('stop'),
        },
    place('incidents', 'Incidents', 'g i'),
    place('room', 'Room'),
    room('timeline.focus', 'Timeline', 'g t'),
    tab('correlation', 'Correlation', 'g c'),
    tab('metrics', 'Metrics', 'g m'),
    tab('analyst', 'Analyst', 'g a'),
    tab('memory', 'Memory', 'g p'),
    place('ledger', 'Ledger', 'g l'),
    place('report', 'Report', 'g r'),
    place('envelope', 'Envelope', 'g e'),
    place('settings', 'Settings', 'g s'),
    ...(incident
      ? [
          room('proposal.approve', 'Open the approval of the focused proposal', 'a'),
          room('proposal.deny', 'Deny the focused proposal…', 'd'),
          room('proposal.backOut', 'Back out the focused proposal', 'b'),
          room('proposal.propose', 'Propose an action…'),
          room('timeline.search', 'Search the timeline', '/'),
          room('timeline.note', 'Write a note', 'n'),
          room('candidates.next', 'Next candidate', ']'),
          room('candidates.previous', 'Previous candidate', '['),
          room('candidates.all', 'Show all candidates'),
          room('analyst.toggle', 'Start or stop the analyst'),
          room('hypotheses.challenge', 'This does not smell right…'),
        ]
      : []),
    ...(incident?.realm === 'drill' && incident.status === 'closed'
      ? [
          {
            id: 'drill.debrief',
            group: 'Records',
            label: 'Read the debrief of the drill',
            run: () => goTo('debrief', incident.id),
          },
        ]
      : []),
    ...(incident && incident.status !== 'closed'
      ? [
          {
            id: 'incident.close',
            group: 'In the room',
            label: 'Close the incident…',
            run: () => openDialog('close'),
          },
        ]
      : []),
    ...(incident
      ? [
          {
            id: 'incident.handOver',
            group: 'Records',
            label: 'Hand over the incident…',
            keys: 'h',
            run: () => openDialog('handOver'),
          },
        ]
      : []),
    {
      id: 'ledger.verify',
      group: 'Records',
      label: 'Verify the ledger',
      run: () => elsewhere('ledger', 'ledger.verify'),
    },
    {
      id: 'ledger.review',
      group: 'Records',
      label: 'Go over the week',
      run: () => elsewhere('ledger', 'ledger.review'),
    },
    {
      id: 'report.export',
      group: 'Records',
      label: 'Export the report',
      run: () => elsewhere('report', 'report.export'),
    },
    { id: 'keys', group: 'Help', label: 'Show all keys', keys: '?', run: () => openDialog('keys') },
    theme('system', 'Appearance: follow the system'),
    theme('dark', 'Appearance: dark'),
    theme('light', 'Appearance: light'),
    ...(incidents ?? []).slice(0, 12).map((one) => ({
      id: `incident.${one.id}`,
      group: 'Incidents',
      label: `${one.realm === 'drill' ? 'Drill: ' : ''}${one.title}`,
      run: () => {
        location.hash = addressOf('room', one.id);
      },
    })),
  ];
}

function elsewhere(place: PlaceName, intent: Intent): void {
  goToPlace(place);
  requestAnimationFrame(() => emitIntent(intent));
}
