import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import Markdown, { type Components } from 'react-markdown';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { call, messageOf } from '../state/call.ts';
import { useIntent } from '../state/intents.ts';
import { openDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { inertText } from '../ui/inert-text.ts';
import { Failed, Loading, Problem } from '../ui/panel-states.tsx';
import { saveFile } from '../ui/save-file.ts';
import { splitTables } from './split-tables.ts';
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
            <Blocks markdown={inertText(markdown)} />
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

function Blocks({ markdown }: { markdown: string }) {
  return splitTables(markdown).map((block, index) =>
    block.kind === 'text' ? (
      <Inline key={keyAt(index)} markdown={block.markdown} />
    ) : (
      <table key={keyAt(index)}>
        {block.head.some((cell) => cell !== '') && (
          <thead>
            <tr>
              {block.head.map((cell, column) => (
                <th key={keyAt(column)}>
                  <Inline markdown={cell} />
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {block.rows.map((row, at) => (
            <tr key={keyAt(at)}>
              {row.map((cell, column) => (
                <td key={keyAt(column)}>
                  <Inline markdown={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    ),
  );
}

/** The parts of a draft have no other name than their place, and are drawn anew whenever it is read. */
const keyAt = (index: number) => `part ${index}`;

const Inline = ({ markdown }: { markdown: string }) => (
  <Markdown components={INERT} skipHtml>
    {markdown}
  </Markdown>
);

/** Text from outside may hold links and pictures; neither is followed or loaded, both are shown as what they are. */
const INERT: Components = {
  a: ({ children, href }) => (
    <span className="report-link">
      {children}
      {href !== undefined && ` (${href})`}
    </span>
  ),
  img: ({ alt }) => <span className="muted">[picture not loaded{alt ? `: ${alt}` : ''}]</span>,
};
