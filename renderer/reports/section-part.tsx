import { Pencil } from 'lucide-react';
import { useState } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Report, ReportLine, ReportSection } from '../../shared/vocabulary/report.ts';
import { Button } from '../ui/button.tsx';
import { hasDraft } from '../ui/draft.ts';
import { Inert } from '../ui/inert.tsx';
import { InertMarkdown } from '../ui/inert-markdown.tsx';
import { Time } from '../ui/time.tsx';
import { ReportLines } from './report-lines.tsx';
import { draftOf, SectionEditor } from './section-editor.tsx';

type SectionPartProps = {
  incident: Incident;
  section: ReportSection;
  /** Of the timeline: drawn as lines that lead to their entries. */
  lines: readonly ReportLine[] | null;
  leftOut: number;
  onWritten(report: Report): void;
};

/** One section: what a person wrote and what the record gives, each under its own name. */
export function SectionPart({ incident, section, lines, leftOut, onWritten }: SectionPartProps) {
  const { name, title, hint, generated, written } = section;
  const [editing, setEditing] = useState(() => hasDraft(draftOf(incident.id, name)));
  const heading = `report-${name}`;
  return (
    <section className="report-section" aria-labelledby={heading}>
      <div className="report-section-head">
        <h2 id={heading}>{title}</h2>
        {!editing && name !== 'provenance' && (
          <Button small look="quiet" aria-label={`Write ${title}`} onClick={() => setEditing(true)}>
            <Pencil size={12} aria-hidden />
            {written ? 'Edit' : 'Write'}
          </Button>
        )}
      </div>
      {editing ? (
        <SectionEditor
          incident={incident.id}
          section={section}
          onWritten={onWritten}
          onDone={() => setEditing(false)}
        />
      ) : written ? (
        <div className="report-written">
          <InertMarkdown text={written.text} />
          <p className="report-whose">
            Written by <Inert text={written.by} />, <Time atMs={written.atMs} as="day" />
          </p>
        </div>
      ) : (
        generated === '' && <p className="muted">Nobody has written this yet. {hint}</p>
      )}
      {lines !== null ? (
        <ReportLines incident={incident} lines={lines} leftOut={leftOut} />
      ) : (
        generated !== '' && (
          <div className="report-generated">
            {written && <p className="report-whose">From the record</p>}
            <InertMarkdown text={generated} />
          </div>
        )
      )}
    </section>
  );
}
