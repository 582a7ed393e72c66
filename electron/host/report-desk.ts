import { postIncidentMarkdown, type ReportFacts } from '../reports/post-incident.ts';
import type { RealmDesk } from './realm.ts';
import { roomOf } from './room-of.ts';

/** The post-incident draft as it stands now, in Markdown. */
export const readReport = (realm: RealmDesk, incident: string): string =>
  postIncidentMarkdown(factsOf(realm, incident));

/** The draft as a file to keep. That it was taken is on record. */
export function exportReport(realm: RealmDesk, incident: string, format: 'md' | 'json', person: string) {
  realm.ledger.record({
    kind: 'report',
    incident,
    actor: { kind: 'person', name: person },
    body: { format },
  });
  realm.ledger.checkpoint();
  const facts = factsOf(realm, incident);
  return format === 'md'
    ? { fileName: `${incident}.md`, mediaType: 'text/markdown', content: postIncidentMarkdown(facts) }
    : {
        fileName: `${incident}.json`,
        mediaType: 'application/json',
        content: `${JSON.stringify(facts, null, 2)}\n`,
      };
}

function factsOf(realm: RealmDesk, id: string): ReportFacts {
  const { incident, events, candidates, hypotheses, proposals } = roomOf(realm, id);
  const { origin, size, rootHex, checkpoint } = realm.ledger.head();
  return {
    incident,
    events,
    candidates,
    hypotheses,
    proposals,
    ledger: { origin, size, rootHex, checkpoint },
  };
}
