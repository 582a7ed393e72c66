import type { HostEvent } from '../../shared/bridge/host-events.ts';
import { inertLine } from '../../shared/formats/inert-text.ts';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Proposal, ProposalState } from '../../shared/vocabulary/proposal.ts';
import type { StopState } from '../../shared/vocabulary/status.ts';

/** What waits for a person, as the events of the host tell it. */
export type Attention = {
  incidents: ReadonlyMap<string, Incident>;
  proposals: ReadonlyMap<string, { incident: string; state: ProposalState }>;
  escalations: ReadonlyMap<string, { incident: string; openedMs: number; isOpen: boolean }>;
  stop: StopState;
};

export const nothing: Attention = {
  incidents: new Map(),
  proposals: new Map(),
  escalations: new Map(),
  stop: { stopped: false },
};

/** The events a shell attends to; every other one changes nothing here. */
export function attend(before: Attention, event: HostEvent): Attention {
  switch (event.name) {
    case 'incident.changed':
      return {
        ...before,
        incidents: replaced(before.incidents, event.incident.id, event.incident),
      };
    case 'proposal.changed':
      return proposalChanged(before, event.proposal);
    case 'escalation.changed':
      return escalationChanged(before, event.escalation);
    case 'status.changed':
      return stopChanged(before, event.status.stop);
    default:
      return before;
  }
}

export type Counts = {
  incidents: number;
  proposals: number;
  escalations: number;
  /** Since when the escalation waits that has waited longest; null where none does. */
  waitingSinceMs: number | null;
};

/** What waits in incidents that are not closed. */
export function countsOf({ incidents, proposals, escalations }: Attention): Counts {
  const isOpen = (incident: string) =>
    incidents.has(incident) && incidents.get(incident)?.status !== 'closed';
  const waiting = [...escalations.values()].filter((one) => one.isOpen && isOpen(one.incident));
  return {
    incidents: openIncidents({ incidents }).length,
    proposals: [...proposals.values()].filter((one) => one.state === 'offered' && isOpen(one.incident))
      .length,
    escalations: waiting.length,
    waitingSinceMs: waiting.length === 0 ? null : Math.min(...waiting.map(({ openedMs }) => openedMs)),
  };
}

/** The worst first, then the newest. */
export const openIncidents = ({ incidents }: Pick<Attention, 'incidents'>): Incident[] =>
  [...incidents.values()]
    .filter(({ status }) => status !== 'closed')
    .sort((a, b) => a.severity.localeCompare(b.severity) || b.openedMs - a.openedMs);

/** A title for systems that have no more than a line of room, inert and marked where it is no more than a drill. */
export const lineOf = ({ title, realm }: Pick<Incident, 'title' | 'realm'>): string =>
  shortened(`${realm === 'drill' ? 'Drill: ' : ''}${inertLine(title)}`);

function proposalChanged(before: Attention, { id, incident, progress }: Proposal): Attention {
  const { state } = progress;
  if (before.proposals.get(id)?.state === state) return before;
  return { ...before, proposals: replaced(before.proposals, id, { incident, state }) };
}

function escalationChanged(before: Attention, { id, incident, openedMs, closed }: Escalation): Attention {
  const isOpen = closed === null;
  if (before.escalations.get(id)?.isOpen === isOpen) return before;
  return { ...before, escalations: replaced(before.escalations, id, { incident, openedMs, isOpen }) };
}

/** The status is told often; the stop in it changes seldom. */
const stopChanged = (before: Attention, stop: StopState): Attention =>
  stop.stopped === before.stop.stopped ? before : { ...before, stop };

const MOST_CHARACTERS = 160;

const shortened = (text: string): string => {
  const characters = [...text];
  return characters.length <= MOST_CHARACTERS
    ? text
    : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
};

const replaced = <V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> =>
  new Map(map).set(key, value);
