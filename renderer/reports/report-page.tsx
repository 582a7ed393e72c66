import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { type Report, ReportFormat } from '../../shared/vocabulary/report.ts';
import { call, messageOf } from '../state/call.ts';
import { useIntent } from '../state/intents.ts';
import { openDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Failed, Loading, Problem } from '../ui/panel-states.tsx';
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
  const { report, problem, read, take } = useReport(incident);
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
          <span className="muted">A draft from the record; each line can be checked in the ledger.</span>
          <span className="panel-gap" />
          <span role="status" className="field-hint">
            {said}
          </span>
          <Button small look="quiet" onClick={read}>
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
        {incident.status !== 'closed' && (
          <p className="report-open">
            The incident is still open, so the draft may change.
            <Button small onClick={() => openDialog('close')}>
              Close the incident…
            </Button>
          </p>
        )}
        {exportProblem && <Problem>The report was not exported: {exportProblem}</Problem>}
        {problem && report !== null && <Problem>What you see is an earlier reading: {problem}</Problem>}
        {report !== null ? (
          <article className="box report" aria-label="Report draft">
            {report.sections.map((section) => (
              <SectionPart
                key={section.name}
                incident={incident}
                section={section}
                lines={section.name === 'timeline' ? report.lines : null}
                leftOut={report.leftOut}
                onWritten={take}
              />
            ))}
          </article>
        ) : problem ? (
          <Failed title="The report could not be read" message={problem} onRetry={read} />
        ) : (
          <Loading what="Drafting the report from the record" />
        )}
      </div>
    </div>
  );
}

/** Read when the page is opened and when the incident changes its status. */
function useReport(incident: Incident) {
  const [report, setReport] = useState<Report | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const alive = useRef(true);
  const read = () => {
    setProblem(null);
    call('report.read', { incident: incident.id })
      .then((answer) => {
        if (alive.current) setReport(answer);
      })
      .catch((error: unknown) => {
        if (alive.current) setProblem(messageOf(error));
      });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another incident or status is another draft.
  useEffect(() => {
    alive.current = true;
    read();
    return () => {
      alive.current = false;
    };
  }, [incident.id, incident.status]);
  return { report, problem, read, take: setReport };
}
