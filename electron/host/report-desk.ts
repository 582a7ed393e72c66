import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Report, ReportFormat, SectionName } from '../../shared/vocabulary/report.ts';
import { Failure } from '../platform/failure.ts';
import { draftOf } from '../reports/draft.ts';
import { type ReportFile, reportFile } from '../reports/formats/report-file.ts';
import type { ReportFacts } from '../reports/report-facts.ts';
import { entriesAbout } from './entries-about.ts';
import type { RealmDesk } from './realm.ts';

/** The post-incident draft as it stands now. */
export const readReport = (realm: RealmDesk, incident: IncidentId): Report =>
  draftOf(factsOf(realm, incident));

/**
 * A person writes a section, or takes back what stood there with an empty text. `was` is when the text they saw was
 * written, null for none. @throws Failure `conflict` when somebody wrote it meanwhile.
 */
export function writeSection(
  realm: RealmDesk,
  incident: IncidentId,
  { section, text, was }: { section: SectionName; text: string; was: number | null },
  person: string,
): Report {
  realm.incidents.find(incident);
  const now = realm.reports.written(incident)[section];
  if ((now?.atMs ?? null) !== was)
    throw new Failure(
      'conflict',
      now
        ? `${now.by} wrote this section meanwhile. Your text is still in the box: read theirs, then save again.`
        : 'This section was cleared meanwhile. Your text is still in the box; save again to keep it.',
    );
  const atMs = Math.max(realm.clock.now(), (now?.atMs ?? 0) + 1);
  realm.ledger.record(
    { kind: 'report', incident, actor: { kind: 'person', name: person }, body: { section, text } },
    () => {
      if (text === '') realm.reports.clear(incident, section);
      else realm.reports.write(incident, section, { text, by: person, atMs });
    },
  );
  return readReport(realm, incident);
}

/** The draft as a file to keep. That it was taken is on record. */
export async function exportReport(
  realm: RealmDesk,
  incident: IncidentId,
  format: ReportFormat,
  person: string,
): Promise<{ fileName: string; mediaType: string; content: string; isBase64: boolean }> {
  const file = await reportFile(factsOf(realm, incident), format);
  realm.ledger.record({
    kind: 'report',
    incident,
    actor: { kind: 'person', name: person },
    body: { format },
  });
  realm.ledger.checkpoint();
  return { ...file, ...contentOf(file) };
}

const contentOf = ({ content }: ReportFile) =>
  typeof content === 'string'
    ? { content, isBase64: false }
    : { content: content.toString('base64'), isBase64: true };

function factsOf(realm: RealmDesk, id: IncidentId): ReportFacts {
  const { origin, size, rootHex, checkpoint } = realm.ledger.head();
  return {
    incident: realm.incidents.find(id),
    events: realm.timeline.ofIncident(id),
    candidates: realm.candidatesOf(id)?.candidates ?? null,
    hypotheses: realm.hypothesesOf(id),
    proposals: realm.proposals.ofIncident(id),
    escalations: realm.escalations.ofIncident(id),
    entries: entriesAbout(realm.queries, id),
    ledger: { origin, size, rootHex, checkpoint },
    written: realm.reports.written(id),
  };
}
