import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { ReportLine } from '../../shared/vocabulary/report.ts';
import { Inert } from '../ui/inert.tsx';
import { counted, utc } from '../ui/words.ts';

type ReportLinesProps = { incident: Incident; lines: readonly ReportLine[]; leftOut: number };

/** The timeline of the draft, in strict order of time; each line leads to its event and to the entry that backs it. */
export function ReportLines({ incident, lines, leftOut }: ReportLinesProps) {
  const room = `#/room/${encodeURIComponent(incident.id)}`;
  return (
    <>
      <ol className="report-lines">
        {lines.map(({ key, atMs, kind, service, title, by, entry }) => (
          <li key={key}>
            <a
              className="report-time"
              href={`${room}/${encodeURIComponent(key)}`}
              title="Show it on the timeline"
            >
              {utc(atMs).slice(11, 19)}
            </a>
            <span className="report-kind">{kind}</span>
            <span>
              {service && !title.includes(service) && (
                <b>
                  <Inert text={service} />{' '}
                </b>
              )}
              <Inert text={title} />{' '}
              <span className="muted">
                (<Inert text={by} />)
              </span>
            </span>
            {entry !== null && (
              <a className="report-entry" href={`#/ledger/${incident.realm}/${entry}`}>
                entry {entry}
              </a>
            )}
          </li>
        ))}
      </ol>
      {leftOut > 0 && (
        <p className="muted">
          {counted(leftOut, 'further change')} in the window {leftOut === 1 ? 'was' : 'were'} ranked as not
          worth reading; the JSON and CSV exports hold them.
        </p>
      )}
    </>
  );
}
