import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { call, messageOf } from '../state/call.ts';
import { useIntent } from '../state/intents.ts';
import { openDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { InertMarkdown } from '../ui/inert-markdown.tsx';
import { Failed, Loading, Problem } from '../ui/panel-states.tsx';
import { saveFile } from '../ui/save-file.ts';
import './reports.css';

type Format = 'md' | 'json';

/** The post-incident draft, as the record gives it. */
export function ReportPage({ incident }: { incident: Incident }) {
  const [markdown, setMarkdown] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [format, setFormat] = useState<Format>('md');
  const [exportProblem, setExportProblem] = useState<string | null>(null);
  const [said, say] = useState('');
  const alive = useRef(true);

  const read = () => {
    setProblem(null);
    call('report.read', { incident: incident.id })
      .then((report) => {
        if (alive.current) setMarkdown(report.markdown);
      })
      .catch((error: unknown) => {
        if (alive.current) setProblem(messageOf(error));
      });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: read when it is opened and when the incident changes its status.
  useEffect(() => {
    alive.current = true;
    read();
    return () => {
      alive.current = false;
    };
  }, [incident.id, incident.status]);

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
          <span className="muted">A draft from the record; what it says can be checked in the ledger.</span>
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
            onChange={(event) => setFormat(event.target.value === 'json' ? 'json' : 'md')}
          >
            <option value="md">Markdown</option>
            <option value="json">JSON</option>
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
        {problem && markdown !== null && <Problem>What you see is an earlier reading: {problem}</Problem>}
        {markdown !== null ? (
          <article className="box report" aria-label="Report draft">
            <InertMarkdown text={markdown} />
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
