import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { Debrief, PastDrill } from '../../shared/vocabulary/drill.ts';
import { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import { debriefOf } from '../drills/debrief.ts';
import { debriefMarkdown } from '../drills/debrief-markdown.ts';
import type { DrillAnswer, DrillFacts, Statement } from '../drills/facts.ts';
import { Failure } from '../platform/failure.ts';
import type { RealmDesk } from './realm.ts';

export type DebriefDesk = ReturnType<typeof debriefDesk>;
type Ended = Pick<DrillFacts, 'scenario' | 'seed' | 'person'> & { incident: IncidentId; answer: DrillAnswer };

/** Makes, keeps and hands out what drills came to. Nothing here can be asked while a drill is still played. */
export function debriefDesk(realm: RealmDesk) {
  const { debriefs, ledger, incidents, clock } = realm;

  /** Once for each drill, when it has ended: on record and kept together. */
  function make({ incident: id, answer, ...about }: Ended): Debrief {
    const incident = incidents.find(id);
    const debrief = debriefOf(
      {
        ...about,
        incident,
        endedMs: clock.now(),
        events: realm.timeline.ofIncident(id),
        statements: statementsOf(realm, id),
        proposals: realm.proposals.ofIncident(id),
      },
      answer,
      debriefs.past(),
    );
    ledger.record(
      {
        kind: 'drill.debrief',
        incident: id,
        actor: { kind: 'host', name: 'countersign' },
        body: bodyOf(debrief),
      },
      () => debriefs.add(debrief),
    );
    return debrief;
  }

  function read(id: string): Debrief {
    const debrief = debriefs.find(id);
    if (debrief) return debrief;
    const { drill, status } = incidents.find(id);
    if (!drill) throw new Failure('not_found', `${id} is no drill, so it has no debrief`);
    throw status === 'closed'
      ? new Failure('not_found', 'This drill has no debrief: one is made when a drill is ended')
      : new Failure('conflict', 'The debrief comes when the drill has ended: it tells the answer');
  }

  return {
    make,
    read,
    past: (): PastDrill[] => debriefs.past(),
    /** The debrief as a file to keep. That it was taken is on record. */
    exportFor(id: IncidentId, person: string) {
      const content = debriefMarkdown(read(id));
      ledger.record({
        kind: 'report',
        incident: id,
        actor: { kind: 'person', name: person },
        body: { format: 'md', of: 'debrief' },
      });
      return { fileName: `${id}-debrief.md`, mediaType: 'text/markdown', content };
    },
  };
}

/** The score with what it rests on, and the digest of the whole, which may be longer than an entry. */
function bodyOf(debrief: Debrief) {
  const { scenario, seed, person, score, parts, times, truth, harm, helped, chased } = debrief;
  return {
    sentence: `${person} scored ${score} of 100 in ${scenario}, seed ${seed}`,
    scenario,
    seed,
    person,
    score,
    parts: parts.map(({ name, points, of }) => ({ name, points, of })),
    times,
    changes: truth.changes.map(({ id }) => id),
    counts: { harm: harm.length, helped: helped.length, chased: chased.length },
    digest: createHash('sha256')
      .update(canonicalize(debrief) ?? '')
      .digest('hex'),
  };
}

const Stated = z.object({ hypotheses: z.array(Hypothesis) });

/** Only the newest hypotheses are kept beside the ledger; the ledger has each time they were stated. */
function statementsOf({ ledger }: RealmDesk, incident: string): Statement[] {
  return ledger
    .entries({ incident, kind: 'hypotheses', limit: MOST_STATEMENTS })
    .map(({ at, body }) => ({ atMs: Date.parse(at), hypotheses: Stated.parse(body).hypotheses }));
}

const MOST_STATEMENTS = 10_000;
