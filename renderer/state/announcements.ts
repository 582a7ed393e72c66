import { create } from 'zustand';
import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { HostStatus } from '../../shared/vocabulary/status.ts';

/** Stops and failures interrupt whoever listens, everything else waits for a pause. */
export type Announcement = {
  id: number;
  how: 'polite' | 'assertive';
  text: string;
  shown: Shown;
  /** What it is the state of, such as a source: what is said of the same later takes its place on the screen. */
  about?: string;
};

/** What the room or a banner shows anyway need not be put over it. */
export type Shown = 'always' | 'outside the room' | 'never';

const KEPT = 4;
let nextId = 0;

export const useAnnouncements = create<{ all: Announcement[] }>(() => ({ all: [] }));

/** Says it to assistive tools; `shown` says where it is put on the screen as well. */
export function announce(text: string, how: Announcement['how'] = 'polite', shown: Shown = 'always'): void {
  say({ text, how, shown });
}

/** The same for what an event gave. */
export function say(said: Said): void {
  nextId += 1;
  const one = { ...said, id: nextId };
  const isOutdated = ({ about }: Announcement) => about !== undefined && about === said.about;
  useAnnouncements.setState(({ all }) => ({
    all: [...all.map((earlier) => (isOutdated(earlier) ? hidden(earlier) : earlier)), one].slice(-KEPT),
  }));
}

export const dismiss = (id: number) =>
  useAnnouncements.setState(({ all }) => ({
    all: all.map((one) => (one.id === id ? hidden(one) : one)),
  }));

const hidden = (one: Announcement): Announcement => ({ ...one, shown: 'never' });

export type Said = Omit<Announcement, 'id'>;

/** What an event is worth saying; null for most. `before` is what the screen knew. */
export function wordsFor(
  event: HostEvent,
  before: { status: HostStatus | null; proposals: readonly Proposal[] },
): Said[] {
  switch (event.name) {
    case 'status.changed':
      return before.status ? statusWords(before.status, event.status) : [];
    case 'proposal.changed': {
      const was = before.proposals.find(({ id }) => id === event.proposal.id)?.progress.state;
      const said = was === event.proposal.progress.state ? null : proposalWords(event.proposal);
      return said ? [said] : [];
    }
    case 'hypotheses.changed': {
      const first = event.hypotheses[0];
      return first ? [polite(`The analyst suggests: ${first.claim}`)] : [];
    }
    case 'escalation.changed':
      return event.escalation.closed ? [] : [shown(`Escalated: ${event.escalation.title}`)];
    default:
      return [];
  }
}

const polite = (text: string): Said => ({ text, how: 'polite', shown: 'never' });
const shown = (text: string): Said => ({ text, how: 'polite', shown: 'outside the room' });
const assertive = (text: string, where: Shown = 'outside the room'): Said => ({
  text,
  how: 'assertive',
  shown: where,
});

function statusWords(was: HostStatus, is: HostStatus): Said[] {
  const said: Said[] = [];
  if (is.stop.stopped && !was.stop.stopped) {
    said.push(assertive(`${is.stop.by} stopped everything: ${is.stop.reason}`, 'never'));
  }
  if (!is.stop.stopped && was.stop.stopped) said.push({ ...polite('The stop was lifted.'), shown: 'always' });
  for (const source of is.sources) {
    const before = was.sources.find(({ id }) => id === source.id)?.state;
    const about = `source ${source.id}`;
    if (source.state === 'down' && before !== 'down') {
      said.push({ ...assertive(`${source.name} is down: ${source.sentence}`, 'always'), about });
    }
    if (source.state === 'up' && before === 'down')
      said.push({ ...polite(`${source.name} is up again.`), shown: 'always', about });
  }
  for (const realm of ['real', 'drill'] as const) {
    const broken = is.ledgers[realm].state === 'broken' && was.ledgers[realm].state !== 'broken';
    if (broken)
      said.push(assertive(`The ${realm} ledger does not hold: ${is.ledgers[realm].sentence}`, 'always'));
  }
  return said;
}

function proposalWords({ title, progress }: Proposal): Said | null {
  switch (progress.state) {
    case 'offered':
      return shown(`New proposal: ${title}`);
    case 'executing':
      return polite(`Executing: ${title}`);
    case 'watching':
      return polite(`Executed, watching the effect: ${title}`);
    case 'done':
      return progress.outcome === 'worse'
        ? assertive(`Worse after “${title}”. ${progress.sentence}`)
        : shown(`${title}: ${progress.outcome}. ${progress.sentence}`);
    case 'failed':
      return assertive(`Failed: ${title}. ${progress.because}`);
    case 'unknown':
      return assertive(`Outcome unknown: ${title}. ${progress.because}`);
    case 'voided':
    case 'expired':
      return polite(`${title}: ${progress.state}. ${progress.because}`);
    default:
      return null;
  }
}
