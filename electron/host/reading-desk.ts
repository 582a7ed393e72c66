import type { Candidates } from '../../shared/vocabulary/candidate.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { StopState } from '../../shared/vocabulary/status.ts';
import type { AnalystDesk } from '../analyst/analyst-desk.ts';
import { hasDrifted } from '../proposals/drifted.ts';

/** How often the analyst reads one incident by itself; a person may ask for more. */
const MOST_READINGS = 5;

/** What a reading found ranked: its first change, whether any was worth reading, and whether anything was measured. */
type Ranked = { first: string | undefined; isWorth: boolean; isMeasured: boolean };
type Reading = Ranked & { times: number };

/**
 * When the analyst reads without being asked: as an incident opens, when metrics can be read that could not, when another
 * change has become the likeliest, or the likeliest worth reading, while nothing is on the table, when an action that was
 * carried out did not help, and when somebody else changed what an offer was about.
 */
export function readingDesk(ports: {
  analyst(): AnalystDesk;
  candidatesOf(incident: Incident['id']): Candidates | undefined;
  proposalsOf(incident: Incident['id']): Proposal[];
  stop(): StopState;
}) {
  const readings = new Map<string, Reading>();

  async function read(incident: Incident['id'], because: string): Promise<void> {
    const times = (readings.get(incident)?.times ?? 0) + 1;
    if (times > MOST_READINGS || ports.stop().stopped || ports.analyst().isReading(incident)) return;
    readings.set(incident, { ...rankedIn(ports.candidatesOf(incident)), times });
    await ports.analyst().start(incident, because);
  }

  return {
    onOpened: ({ id, title }: Incident): Promise<void> =>
      read(id, `Read up on “${title}” and say what could have caused it.`),
    onRanked({ id }: Incident, candidates: Candidates): void {
      const [first] = candidates.changes;
      const before = readings.get(id);
      if (!before || ports.proposalsOf(id).length > 0) return;
      const now = rankedIn(candidates);
      if (!before.isMeasured && now.isMeasured)
        return void read(id, 'Metrics can be read now: read again with them.');
      if (!first) return;
      // A source that was slow to answer as it opened left nothing to go by: what was inconclusive then need not be now.
      const becameWorth = !before.isWorth && now.isWorth;
      if (before.first === first.id && !becameWorth) return;
      void read(
        id,
        `The ranking has changed: ${first.title} is first now${becameWorth ? ', and worth reading' : ''}.`,
      );
    },
    onConcluded({ incident, title, progress }: Proposal): void {
      if (hasDrifted(progress)) void read(incident, `“${title}” no longer fits what runs: read again.`);
      if (progress.state !== 'done' || progress.outcome === 'improved') return;
      void read(incident, `“${title}” ended ${progress.outcome}: read again without it.`);
    },
  };
}

const rankedIn = (candidates: Candidates | undefined): Ranked => ({
  first: candidates?.changes[0]?.id,
  isWorth: (candidates?.worthReading ?? 0) > 0,
  isMeasured: candidates?.unmeasured === undefined,
});
