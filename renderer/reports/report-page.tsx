import { Download } from 'lucide-react';
import { useState } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { ReportFormat } from '../../shared/vocabulary/report.ts';
import { call, messageOf } from '../state/call.ts';
import { useIntent } from '../state/intents.ts';
import { useRead } from '../state/use-read.ts';
import { openDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Problem, WhenRead } from '../ui/panel-states.tsx';
import { saveFile } from '../ui/save-file.ts';
import { SectionPart } from './section-part.tsx';
import './reports.css';

const FORMATS: Record<ReportFormat, string> = {
  md: 'Markdown',
  html: 'HTML',
  pdf: 'PDF',
  json: 'JSON',
  csv: 'CSV (timeline)',
};

/** The post-incident draft: what the record gives, and beside it what people write. */
export function ReportPage({ incident }: { incident: Incident }) {
  const report = useRead(incident.id, () => call('report.read', { incident: incident.id }), incident.status);
  const [format, setFormat] = useState<ReportFormat>('md');
  const [exportProblem, setExportProblem] = useState<string | null>(null);
  const [said, say] = useState('');

  const exportIt = () => {
    setExportProblem(null);
    call('report.export', { incident: incident.id, format })
      .then((file) => {
        saveFile(file);
        say(`Saved as ${file.fileName}`);
      })
      .catch((error: unknown) => setExportProblem(messageOf(error)));
  };
  useIntent('report.export', exportIt);

  return (
    <div className="page">
      <div className="page-inner report-page">
        <div className="page-head">
          <h1 className="page-title">Report</h1>
          <span className="muted page-about">
            A draft from the record; each line can be checked in the ledger.
          </span>
          <div className="page-actions">
            <span role="status" className="field-hint report-said">
              {said}
            </span>
            <Button small look="quiet" onClick={report.again}>
              Read it again
            </Button>
            <select
              className="input report-format"
              aria-label="Format"
              value={format}
              onChange={(event) => setFormat(ReportFormat.parse(event.target.value))}
            >
              {ReportFormat.options.map((one) => (
                <option key={one} value={one}>
                  {FORMATS[one]}
                </option>
              ))}
            </select>
            <Button look="primary" onClick={exportIt}>
              <Download size={14} aria-hidden />
              Export report
            </Button>
          </div>
        </div>
        {incident.status !== 'closed' && (
          <p className="report-open">
            The incident is still open, so the draft may change.
            <Button small onClick={() => openDialog('close')}>
              Close the incident…
            </Button>
          </p>
        )}
        {exportProblem && <Problem>The report was not exported: {exportProblem}</Problem>}
        <WhenRead
          of={report}
          loading="Drafting the report from the record"
          failed="The report could not be read"
        >
          {({ sections, lines, leftOut }) => (
            <article className="box report" aria-label="Report draft">
              {sections.map((section) => (
                <SectionPart
                  key={section.name}
                  incident={incident}
                  section={section}
                  lines={section.name === 'timeline' ? lines : null}
                  leftOut={leftOut}
                  onWritten={report.take}
                />
              ))}
            </article>
          )}
        </WhenRead>
      </div>
    </div>
  );
}
