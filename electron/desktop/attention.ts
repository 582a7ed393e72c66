import type { HostEvent } from '../../shared/bridge/host-events.ts';
import { inertLine } from '../../shared/formats/inert-text.ts';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Proposal, ProposalState } from '../../shared/vocabulary/proposal.ts';
import type { StopState } from '../../shared/vocabulary/status.ts';

/** Something a person should hear of while they look elsewhere. All its text is inert. */
export type News = {
  about: 'incident' | 'proposal' | 'outcome' | 'escalation' | 'stop';
  title: string;
  body: string;
  incident: IncidentId | null;
};

/** What waits for a person, as the events of the host tell it. */
export type Attention = {
  incidents: ReadonlyMap<string, Incident>;
  proposals: ReadonlyMap<string, { incident: string; state: ProposalState }>;
  escalations: ReadonlyMap<string, { incident: string; isOpen: boolean }>;
  stop: StopState;
};

export const nothing: Attention = {
  incidents: new Map(),
  proposals: new Map(),
  escalations: new Map(),
  stop: { stopped: false },
};

/** The events a shell attends to; every other one changes nothing here. */
export function attend(before: Attention, event: HostEvent): { now: Attention; news: News | null } {
  switch (event.name) {
    case 'incident.changed':
      return incidentChanged(before, event.incident);
    case 'proposal.changed':
      return proposalChanged(before, event.proposal);
    case 'escalation.changed':
      return escalationChanged(before, event.escalation);
    case 'status.changed':
      return stopChanged(before, event.status.stop);
    default:
      return { now: before, news: null };
  }
}

export type Counts = { incidents: number; proposals: number; escalations: number };

/** What waits in incidents that are not closed. */
export function countsOf({ incidents, proposals, escalations }: Attention): Counts {
  const isOpen = (incident: string) =>
    incidents.has(incident) && incidents.get(incident)?.status !== 'closed';
  return {
    incidents: openIncidents({ incidents }).length,
    proposals: [...proposals.values()].filter((one) => one.state === 'offered' && isOpen(one.incident))
      .length,
    escalations: [...escalations.values()].filter((one) => one.isOpen && isOpen(one.incident)).length,
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

function incidentChanged(before: Attention, incident: Incident) {
  const now = { ...before, incidents: replaced(before.incidents, incident.id, incident) };
  const isNew = !before.incidents.has(incident.id) && incident.status === 'open';
  const title = `New incident, ${incident.severity}`;
  return { now, news: isNew ? news('incident', title, lineOf(incident), incident.id) : null };
}

function proposalChanged(before: Attention, proposal: Proposal) {
  const { id, incident, progress } = proposal;
  const { state } = progress;
  if (before.proposals.get(id)?.state === state) return { now: before, news: null };
  const now = { ...before, proposals: replaced(before.proposals, id, { incident, state }) };
  return { now, news: newsOf(proposal) };
}

function newsOf({ title: of, realm, incident, progress }: Proposal): News | null {
  const title = lineOf({ title: of, realm });
  switch (progress.state) {
    case 'offered':
      return news('proposal', 'Waits for your decision', title, incident);
    case 'done':
      return news('outcome', `Outcome: ${progress.outcome}`, `${title}. ${progress.sentence}`, incident);
    case 'failed':
      return news('outcome', 'The execution failed', `${title}. ${progress.because}`, incident);
    case 'unknown':
      return news(
        'outcome',
        'Outcome unknown: a person must look',
        `${title}. ${progress.because}`,
        incident,
      );
    default:
      return null;
  }
}

function escalationChanged(before: Attention, { id, incident, title, closed }: Escalation) {
  const isOpen = closed === null;
  if (before.escalations.get(id)?.isOpen === isOpen) return { now: before, news: null };
  const now = { ...before, escalations: replaced(before.escalations, id, { incident, isOpen }) };
  const isNew = isOpen && !before.escalations.has(id);
  return { now, news: isNew ? news('escalation', 'Escalated to a person', title, incident) : null };
}

function stopChanged(before: Attention, stop: StopState) {
  // The status is told often; the stop in it changes seldom.
  if (stop.stopped === before.stop.stopped) return { now: before, news: null };
  const now = { ...before, stop };
  if (!stop.stopped) return { now, news: null };
  return { now, news: news('stop', 'Everything is stopped', `By ${stop.by}: ${stop.reason}`, null) };
}

const news = (about: News['about'], title: string, body: string, incident: IncidentId | null): News => ({
  about,
  title,
  body: unmarked(shortened(inertLine(body))),
  incident,
});

/** Notification servers of Linux read markup in the body: what could be a tag or an entity is made to look the same. */
const unmarked = (text: string): string =>
  text.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆');

const MOST_CHARACTERS = 160;

const shortened = (text: string): string => {
  const characters = [...text];
  return characters.length <= MOST_CHARACTERS
    ? text
    : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
};

const replaced = <V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> =>
  new Map(map).set(key, value);
