import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { type Message, quoted } from './message.ts';

/** An escalation that nobody took is told again once it is overdue, and after these multiples of its time. */
const AGES = [1, 2, 4, 8];
/** Where an earlier version stored no time. */
const USUAL_TARGET_MS = 15 * 60_000;
const MOST_REMEMBERED = 2_000;

/**
 * What of the host's events people are told, each once: events carry whole states, again and again. What was so before
 * this began to listen is told to nobody.
 */
export function toldByEvent({ nowMs, since }: { nowMs(): number; since: number }) {
  const told = new Set<string>();
  const drills = new Set<string>();
  let stopAtMs: number | null | undefined;

  const once = (key: string, message: () => Message): Message[] => {
    if (told.has(key)) return [];
    told.add(key);
    const oldest = told.values().next().value;
    if (told.size > MOST_REMEMBERED && oldest !== undefined) told.delete(oldest);
    return [message()];
  };

  function ofIncident({ id, realm, title, severity, status, openedMs }: Incident): Message[] {
    const drill = realm === 'drill';
    if (drill) drills.add(id);
    // A drill has a time of its own.
    if (status !== 'open' || (!drill && openedMs < since)) return [];
    return once(`incident ${id}`, () => ({
      occasion: 'incident',
      drill,
      title: `New incident, ${severity}`,
      body: quoted(title),
      incident: id,
    }));
  }

  function ofProposal(proposal: Proposal): Message[] {
    const { id, incident, realm, title, progress, verdict } = proposal;
    const about = { drill: realm === 'drill', incident };
    if (progress.state === 'offered') {
      const second = (progress.approvals?.length ?? 0) > 0;
      const tier = verdict.kind === 'offer' ? ` (${verdict.tier})` : '';
      return once(`offered ${id} ${second}`, () => ({
        ...about,
        occasion: 'proposal',
        title: second ? 'A proposal waits for its second approval' : `A proposal waits for a decision${tier}`,
        body: quoted(title),
      }));
    }
    if (progress.state === 'done')
      return once(`done ${id}`, () => ({
        ...about,
        occasion: 'outcome',
        title: `Outcome: ${progress.outcome}`,
        body: `${quoted(title)}: ${quoted(progress.sentence)}`,
      }));
    if (progress.state === 'failed' || progress.state === 'unknown')
      return once(`${progress.state} ${id}`, () => ({
        ...about,
        occasion: 'outcome',
        title:
          progress.state === 'failed' ? 'An execution failed' : 'Whether an execution happened is unknown',
        body: `${quoted(title)}: ${quoted(progress.because)}`,
      }));
    return [];
  }

  function ofEscalation({ id, incident, title, openedMs, closed, holders }: Escalation): Message[] {
    const drill = drills.has(incident);
    if (closed || holders || (!drill && openedMs < since)) return [];
    return once(`escalation ${id}`, () => ({
      occasion: 'escalation',
      drill,
      title: 'An escalation waits for somebody',
      body: quoted(title),
      incident,
    }));
  }

  return {
    take(event: HostEvent): Message[] {
      switch (event.name) {
        case 'incident.changed':
          return ofIncident(event.incident);
        case 'proposal.changed':
          return ofProposal(event.proposal);
        case 'escalation.changed':
          return ofEscalation(event.escalation);
        case 'status.changed': {
          const { stop } = event.status;
          const before = stopAtMs;
          stopAtMs = stop.stopped ? stop.atMs : null;
          if (!stop.stopped || stop.atMs === before || stop.atMs < since) return [];
          return [
            {
              occasion: 'stop',
              drill: false,
              title: `Stopped by ${quoted(stop.by)}`,
              body: quoted(stop.reason),
              incident: null,
            },
          ];
        }
        default:
          return [];
      }
    },

    /** Which of the open escalations, none of them of a drill, have grown old since that was last told. */
    ageing(open: readonly Escalation[]): Message[] {
      return open.flatMap(({ id, incident, title, openedMs, dueMs, holders }) => {
        if (holders) return [];
        const targetMs = dueMs === undefined ? USUAL_TARGET_MS : dueMs - openedMs;
        const age = AGES.filter((times) => nowMs() - openedMs >= times * targetMs).at(-1);
        if (age === undefined) return [];
        return once(`aged ${id} ${age}`, () => ({
          occasion: 'escalation',
          drill: false,
          title: `Nobody took an escalation for ${Math.round((age * targetMs) / 60_000)} min`,
          body: quoted(title),
          incident,
        }));
      });
    },
  };
}
